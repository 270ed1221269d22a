/** What one version changed, word by word, against the one before it or what is there now. */
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { differenceQuery } from '~/data/article-past';
import type { RevisionSummary } from '~/data/article-past';
import { siteQuery } from '~/data/site';
import { Dialog } from '~/ui/dialog';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime } from '~/ui/time';

import { FieldChange } from './field-change';
import { historyTexts } from './history-texts';

interface Props {
  articleId: string;
  /** The newest first. */
  revisions: readonly RevisionSummary[];
  number: number;
  isRestorable: boolean;
  onRestore: (number: number) => Promise<void>;
  onClose: () => void;
}

export function RevisionDialog(props: Props) {
  const { articleId, revisions, number, isRestorable, onRestore, onClose } = props;
  const t = useTexts(historyTexts);
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const [isBusy, setBusy] = useState(false);
  const place = revisions.findIndex((item) => item.number === number);
  const shown = revisions[place];
  const newest = revisions[0]?.number ?? number;
  const before = revisions[place + 1]?.number;
  const isFirst = before === undefined;
  const [against, setAgainst] = useState<'previous' | 'today'>(isFirst ? 'today' : 'previous');
  const [from, to] = against === 'previous' ? [before ?? number, number] : [number, newest];
  const { data, error } = useQuery({ ...differenceQuery(articleId, from, to), enabled: from !== to });
  const changes = from === to ? [] : data?.fields;
  const when = shown ? dayAndTime(shown.at, lang, site?.time_zone ?? 'UTC') : '';
  return (
    <Dialog
      opened
      onClose={onClose}
      title={`${t('title', { when })} · ${shown?.by.name ?? ''}`}
      size={860}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <Stack>
        <SegmentedControl
          fullWidth
          aria-label={t('compare')}
          value={against}
          onChange={(value) => setAgainst(value)}
          data={[
            { value: 'previous', label: t('previous'), disabled: isFirst },
            { value: 'today', label: t('today'), disabled: number === newest },
          ]}
        />
        {error && <Text c="var(--bad)">{error.message}</Text>}
        {changes?.length === 0 && <Text c="dimmed">{t('nothing')}</Text>}
        {changes?.map((change) => (
          <FieldChange key={change.field} change={change} />
        ))}
        {isRestorable && number !== newest && (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed">
              {t('restoreHint')}
            </Text>
            <Button
              flex="none"
              loading={isBusy}
              onClick={() => {
                setBusy(true);
                void onRestore(number).finally(() => setBusy(false));
              }}
            >
              {t('restore')}
            </Button>
          </Group>
        )}
      </Stack>
    </Dialog>
  );
}
