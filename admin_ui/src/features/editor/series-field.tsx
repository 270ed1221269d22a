/** Which series it belongs to, and its place there. */
import { Group, NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { seriesChoicesQuery } from '~/data/article-past';
import { useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { settingTexts } from './setting-texts';

interface Props {
  session: ArticleSession;
  state: State;
  isReadOnly: boolean;
  wrong: (field: string) => string | undefined;
}

export function SeriesField({ session, state, isReadOnly, wrong }: Props) {
  const t = useTexts(settingTexts);
  const { data: series = [] } = useQuery(seriesChoicesQuery);
  const { series: place } = state.fields;
  const choices = series.map(({ slug, title }) => ({ value: slug, label: title }));
  if (place && !series.some(({ slug }) => slug === place.slug)) {
    choices.push({ value: place.slug, label: place.slug });
  }
  return (
    <Group align="flex-start" wrap="nowrap">
      <Select
        flex={1}
        clearable
        label={t('series')}
        placeholder={t('seriesNone')}
        data={choices}
        value={place?.slug ?? null}
        readOnly={isReadOnly}
        error={wrong('series.slug')}
        clearButtonProps={{ 'aria-label': t('seriesNone') }}
        onChange={(slug) =>
          session.change({ series: slug ? { slug, position: place?.position ?? 1 } : null })
        }
      />
      {place && (
        <NumberInput
          w={104}
          label={t('position')}
          min={1}
          max={10_000}
          allowDecimal={false}
          clampBehavior="strict"
          value={place.position}
          readOnly={isReadOnly}
          error={wrong('series.position')}
          onChange={(value) => {
            const position = Number(value);
            if (position >= 1) session.change({ series: { ...place, position } });
          }}
        />
      )}
    </Group>
  );
}
