/** Everything about an article that is not its text. */
import { MultiSelect, Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { profilesQuery } from '~/data/profiles';
import { siteQuery, tagsQuery } from '~/data/site';
import { orderedPills } from '~/ui/ordered-pills';
import { useLang, useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { CoverField } from './cover-field';
import { PreviewLinks } from './preview-links';
import { PublishingSettings } from './publishing-settings';
import { SearchSettings } from './search-settings';
import { SeriesField } from './series-field';
import { settingTexts } from './setting-texts';
import { asSlugs, named } from './tag-names';
import { Translations } from './translations';
import type { Beside } from './translations';

import '~/ui/mantine-forms.css';

interface Props {
  session: ArticleSession;
  state: State;
  onBeside: (beside: Beside) => void;
}

export function SettingsPanel({ session, state, onBeside }: Props) {
  const t = useTexts(settingTexts);
  const { lang } = useLang();
  const { data: site } = useQuery(siteQuery);
  const { data: profiles = [] } = useQuery(profilesQuery);
  const { data: tags = [] } = useQuery(tagsQuery);
  const { article, fields, problem } = state;
  const isReadOnly = article?.status === 'trashed';
  const wrong = (field: string) => problem?.errors.find((item) => item.field === field)?.message;
  const zone = site?.time_zone ?? 'UTC';
  const languages = [...new Set([...(site?.languages ?? []), fields.lang])];
  const names = new Intl.DisplayNames([lang], { type: 'language' });
  return (
    <Stack gap="md" pb="xl">
        <PublishingSettings session={session} state={state} />
        <TextInput
          label={t('slug')}
          description={t('slugHint')}
          value={fields.slug}
          readOnly={isReadOnly}
          error={wrong('slug')}
          onChange={(event) => session.change({ slug: event.currentTarget.value })}
        />
        <Select
          label={t('lang')}
          value={fields.lang}
          allowDeselect={false}
          readOnly={isReadOnly}
          data={languages.map((value) => ({ value, label: names.of(value) ?? value }))}
          onChange={(value) => value && session.change({ lang: value })}
        />
        {article && <Translations session={session} state={state} onBeside={onBeside} />}
        <Textarea
          label={t('excerpt')}
          description={t('excerptHint')}
          placeholder={article?.derived_excerpt ?? ''}
          value={fields.excerpt ?? ''}
          readOnly={isReadOnly}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={2000}
          error={wrong('excerpt')}
          onChange={(event) => session.change({ excerpt: event.currentTarget.value || null })}
        />
        <CoverField session={session} state={state} isReadOnly={isReadOnly} />
        <MultiSelect
          {...orderedPills}
          label={t('author_slugs')}
          description={fields.author_slugs.length > 1 ? t('authorsHint') : undefined}
          placeholder={fields.author_slugs.length === 0 ? t('authorsNone') : ''}
          data={profiles.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={fields.author_slugs}
          readOnly={isReadOnly}
          error={wrong('author_slugs')}
          onChange={(value) => session.change({ author_slugs: value })}
        />
        <TagsInput
          {...orderedPills}
          label={t('tag_slugs')}
          description={t('tagsHint')}
          data={tags.map(({ name }) => name)}
          value={named(fields.tag_slugs, tags)}
          readOnly={isReadOnly}
          error={wrong('tag_slugs')}
          onChange={(value) => session.change({ tag_slugs: asSlugs(value, tags) })}
        />
        <SeriesField session={session} state={state} isReadOnly={isReadOnly} wrong={wrong} />
        <Switch
          label={t('featured')}
          description={t('featuredHint')}
          checked={fields.featured}
          disabled={isReadOnly}
          onChange={(event) => session.change({ featured: event.currentTarget.checked })}
        />
        <SearchSettings session={session} state={state} isReadOnly={isReadOnly} wrong={wrong} />
        {article && <PreviewLinks articleId={article.id} session={session} zone={zone} />}
      </Stack>
  );
}
