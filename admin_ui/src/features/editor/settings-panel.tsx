/** Everything about an article that is not its text. */
import { CloseButton, MultiSelect, Select, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';

import { profilesQuery } from '~/data/profiles';
import { siteQuery, tagsQuery } from '~/data/site';
import { useLang, useTexts } from '~/ui/texts';
import { dayAndTime } from '~/ui/time';

import type { ArticleSession, State } from './article-session';
import { SearchSettings } from './search-settings';
import classes from './settings-panel.module.css';
import { settingTexts } from './setting-texts';
import { asSlugs, named } from './tag-names';

import '~/ui/mantine-forms.css';

interface Props {
  session: ArticleSession;
  state: State;
  onClose: () => void;
}

export function SettingsPanel({ session, state, onClose }: Props) {
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
  const from = article?.publish_at;
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  const closing = {
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) onClose();
    },
  };
  return (
    <aside className={classes.panel} aria-label={t('settings')} {...closing}>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('settings')}</h2>
        <CloseButton aria-label={t('close')} onClick={onClose} ref={close} />
      </header>
      <Stack gap="md" pb="xl">
        {from && (
          <Text size="sm" c="dimmed">
            {t(article.status === 'scheduled' ? 'schedule' : 'since', {
              when: dayAndTime(from, lang, zone),
            })}
            <br />
            {t('zone', { zone })}
          </Text>
        )}
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
        <MultiSelect
          label={t('author_slugs')}
          placeholder={fields.author_slugs.length === 0 ? t('authorsNone') : ''}
          data={profiles.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={fields.author_slugs}
          readOnly={isReadOnly}
          error={wrong('author_slugs')}
          onChange={(value) => session.change({ author_slugs: value })}
        />
        <TagsInput
          label={t('tag_slugs')}
          description={t('tagsHint')}
          data={tags.map(({ name }) => name)}
          value={named(fields.tag_slugs, tags)}
          readOnly={isReadOnly}
          error={wrong('tag_slugs')}
          onChange={(value) => session.change({ tag_slugs: asSlugs(value, tags) })}
        />
        <Switch
          label={t('featured')}
          description={t('featuredHint')}
          checked={fields.featured}
          disabled={isReadOnly}
          onChange={(event) => session.change({ featured: event.currentTarget.checked })}
        />
        <SearchSettings session={session} state={state} isReadOnly={isReadOnly} wrong={wrong} />
      </Stack>
    </aside>
  );
}
