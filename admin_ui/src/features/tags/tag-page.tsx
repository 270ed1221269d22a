/** One tag: rename it, see where it is used, merge it into another, remove it. */
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { tagsQuery } from '~/data/site';
import { tags } from '~/data/words';
import type { TagAdmin } from '~/data/words';
import { Fields } from '~/ui/fields';
import { RecordScreen } from '~/ui/record-screen';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import { MergeDialog } from './merge-dialog';
import { wordTexts } from './texts';
import { WordRemoval } from './word-removal';
import { WordUsage } from './word-usage';

const BLANK = { name: '', description: '' };

export function TagPage() {
  const t = useTexts(wordTexts);
  const may = useMay();
  const queryClient = useQueryClient();
  const [merged, merge] = useState<TagAdmin | null>(null);
  const [removed, remove] = useState<TagAdmin | null>(null);
  const canWrite = may('tags:write');
  return (
    <>
      <RecordScreen
        store={tags}
        idOf={(stored) => stored.slug}
        path="/tags/$id"
        backTo="/tags"
        backText={t('allTags')}
        title={(value) => value.name || t('newTag')}
        blank={BLANK}
        read={({ name, description }) => ({ name, description })}
        sent={(value) => value}
        isReadOnly={!canWrite}
        onSaved={() => void queryClient.invalidateQueries({ queryKey: tagsQuery.queryKey, exact: true })}
        actions={(stored) =>
          canWrite && (
            <>
              <Button size="compact-sm" variant="subtle" color="gray" onClick={() => merge(stored)}>
                {t('merge')}
              </Button>
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => remove(stored)}>
                {t('remove')}
              </Button>
            </>
          )
        }
      >
        {(form, stored) => (
          <>
            <Fields
              form={form}
              of={[
                { name: 'name', label: t('name'), hint: stored?.is_internal ? t('internal') : t('nameHint') },
                { name: 'description', label: t('description'), as: 'text' },
              ]}
            />
            {stored && <WordUsage store={tags} slug={stored.slug} />}
          </>
        )}
      </RecordScreen>
      {merged && <MergeDialog tag={merged} onClose={() => merge(null)} />}
      {removed && (
        <WordRemoval
          store={tags}
          word={removed}
          nameOf={(tag) => tag.name}
          listPath="/tags"
          onClose={() => remove(null)}
        />
      )}
    </>
  );
}
