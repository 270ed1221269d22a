/** One series: its name and address, and the articles in it. */
import { Button } from '@mantine/core';
import { useState } from 'react';

import { series } from '~/data/words';
import type { SeriesAdmin } from '~/data/words';
import { Fields } from '~/ui/fields';
import { RecordScreen } from '~/ui/record-screen';
import { useTexts } from '~/ui/texts';
import { useMay } from '~/ui/use-may';

import { wordTexts } from './texts';
import { WordRemoval } from './word-removal';
import { WordUsage } from './word-usage';

const BLANK = { title: '', slug: '', description: '' };

export function SeriesPage() {
  const t = useTexts(wordTexts);
  const may = useMay();
  const [removed, remove] = useState<SeriesAdmin | null>(null);
  const canWrite = may('tags:write');
  return (
    <>
      <RecordScreen
        store={series}
        idOf={(stored) => stored.slug}
        path="/series/$id"
        backTo="/series"
        backText={t('allSeries')}
        title={(value) => value.title || t('newSeries')}
        blank={BLANK}
        read={({ title, slug, description }) => ({ title, slug, description })}
        sent={(value) => ({ ...value, slug: value.slug || null })}
        isReadOnly={!canWrite}
        actions={(stored) =>
          canWrite && (
            <Button size="compact-sm" variant="subtle" color="red" onClick={() => remove(stored)}>
              {t('remove')}
            </Button>
          )
        }
      >
        {(form, stored) => (
          <>
            <Fields
              form={form}
              of={[
                { name: 'title', label: t('title') },
                { name: 'slug', label: t('slug'), placeholder: t('slugHint') },
                { name: 'description', label: t('description'), as: 'text' },
              ]}
            />
            {stored && <WordUsage store={series} slug={stored.slug} />}
          </>
        )}
      </RecordScreen>
      {removed && (
        <WordRemoval
          store={series}
          word={removed}
          nameOf={(one) => one.title}
          listPath="/series"
          onClose={() => remove(null)}
        />
      )}
    </>
  );
}
