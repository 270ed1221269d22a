/** Removing a thing that others refer to: shows what would break and asks what becomes of it. */
import { Button, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import type { Fate } from '~/data/records';

import { Alarm } from './alarm';
import { Dialog } from './dialog';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';
import { Usage } from './usage';
import type { Uses } from './usage';

import './mantine-forms.css';

interface Props {
  title: string;
  queryKey: readonly unknown[];
  usage: () => Promise<Uses>;
  /** What could stand in its place. */
  others: { value: string; label: string }[];
  remove: (fate: Fate) => Promise<unknown>;
  onGone: () => void;
  onClose: () => void;
}

export function Removal({ title, queryKey, usage, others, remove, onGone, onClose }: Props) {
  const t = useTexts(recordTexts);
  const { data: uses, error } = useQuery({ queryKey: [...queryKey, 'usage'], queryFn: usage, staleTime: 0 });
  const [way, choose] = useState<'instead' | 'away'>('instead');
  const [other, put] = useState<string | null>(null);
  const isUsed = (uses?.count ?? 0) > 0;
  const fate: Fate = !isUsed ? {} : way === 'away' ? { force: true } : { replace_with: other ?? '' };
  const removal = useMutation({ mutationFn: () => remove(fate), onSuccess: onGone });
  return (
    <Dialog opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {uses && <Usage uses={uses} />}
        {uses && !isUsed && <Text>{t('removeAsk')}</Text>}
        {isUsed && (
          <Radio.Group value={way} onChange={(next) => choose(next)} aria-label={title}>
            <Stack gap="xs">
              <Radio value="instead" label={t('instead')} />
              {way === 'instead' && (
                <Select
                  label={t('putInstead')}
                  data={others}
                  value={other}
                  searchable
                  onChange={put}
                />
              )}
              <Radio value="away" label={t('away')} />
            </Stack>
          </Radio.Group>
        )}
        <Alarm error={error ?? removal.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button
            color="red"
            loading={removal.isPending}
            disabled={!uses || (isUsed && way === 'instead' && !other)}
            onClick={() => removal.mutate()}
          >
            {t('remove')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
