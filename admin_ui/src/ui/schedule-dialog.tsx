/** Asks for a moment, read on a clock of the site's time zone. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';

import { siteQuery } from '~/data/site';

import { Dialog } from './dialog';
import { MomentField } from './moment-field';
import { momentTexts } from './moment-texts';
import { recordTexts } from './record-texts';
import { useLang, useTexts } from './texts';
import { dayAndTime, momentOf, wallTime } from './time';
import { useHasPassed } from './use-has-passed';

interface Props {
  onChoose: (at: string) => void;
  onClose: () => void;
}

export function ScheduleDialog({ onChoose, onClose }: Props) {
  const t = useTexts(recordTexts);
  const m = useTexts(momentTexts);
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const zone = site?.time_zone ?? 'UTC';
  const [wall, say] = useState<string | null>(null);
  const [tomorrow] = useState(() => new Date(Date.now() + 86_400_000));
  const value = wall ?? wallTime(tomorrow, zone);
  const moment = momentOf(value, zone);
  const isPast = useHasPassed(moment);
  function submit(event: FormEvent) {
    event.preventDefault();
    if (moment) onChoose(moment.toISOString());
  }
  return (
    <Dialog opened onClose={onClose} title={t('schedule')} closeButtonProps={{ 'aria-label': t('close') }}>
      <form onSubmit={submit}>
        <Stack>
          <MomentField
            label={t('atTime')}
            description={t('laterHint', { zone })}
            value={value}
            data-autofocus
            onChange={say}
          />
          <div role="status">
            {isPast && moment && (
              <Text size="sm">
                {m('goneStart', { when: dayAndTime(moment.toISOString(), lang, zone) })}
              </Text>
            )}
          </div>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button type="submit" disabled={!moment}>
              {isPast ? m('publishNow') : t('schedule')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
