/** Asks for a moment, read on a clock of the site's time zone. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { siteQuery } from '~/data/site';

import { Dialog } from './dialog';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';
import { momentOf, wallTime } from './time';

interface Props {
  onChoose: (at: string) => void;
  onClose: () => void;
}

export function ScheduleDialog({ onChoose, onClose }: Props) {
  const t = useTexts(recordTexts);
  const { data: site } = useQuery(siteQuery);
  const zone = site?.time_zone ?? 'UTC';
  const [wall, say] = useState<string | null>(null);
  const [tomorrow] = useState(() => new Date(Date.now() + 86_400_000));
  const value = wall ?? wallTime(tomorrow, zone);
  const moment = momentOf(value, zone);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (moment) onChoose(moment.toISOString());
  }
  return (
    <Dialog opened onClose={onClose} title={t('schedule')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            type="datetime-local"
            label={t('atTime')}
            description={t('laterHint', { zone })}
            value={value}
            data-autofocus
            onChange={(event) => say(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!moment}>
              {t('schedule')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
