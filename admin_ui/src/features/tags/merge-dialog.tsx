/** Puts one tag in another's place everywhere. */
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { tagsQuery } from '~/data/site';
import { merge } from '~/data/words';
import type { TagAdmin } from '~/data/words';
import { Alarm } from '~/ui/alarm';
import { Dialog } from '~/ui/dialog';
import { useTexts } from '~/ui/texts';
import { useLeading } from '~/ui/use-leading';

import { wordTexts } from './texts';

export function MergeDialog({ tag, onClose }: { tag: TagAdmin; onClose: () => void }) {
  const t = useTexts(wordTexts);
  const lead = useLeading();
  const queryClient = useQueryClient();
  const { data: all } = useQuery(tagsQuery);
  const [into, choose] = useState<string | null>(null);
  const merging = useMutation({
    mutationFn: () => merge(tag.slug, tag.revision, into ?? ''),
    onSuccess: async (kept) => {
      onClose();
      await lead({ to: '/tags/$id', params: { id: kept.slug }, ignoreBlocker: true });
      await queryClient.invalidateQueries({ queryKey: ['tags'] });
    },
  });
  const others = (all ?? []).filter((other) => other.slug !== tag.slug);
  return (
    <Dialog opened onClose={onClose} title={t('merge')} closeButtonProps={{ 'aria-label': t('cancel') }}>
      <Stack>
        <Text>{t('mergeHint', { name: tag.name })}</Text>
        <Select
          label={t('into')}
          data={others.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={into}
          searchable
          data-autofocus
          onChange={choose}
        />
        <Alarm error={merging.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button disabled={!into} loading={merging.isPending} onClick={() => merging.mutate()}>
            {t('mergeDo')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
