/** The same article in other languages: how each stands, beside the text, and one more begun. */
import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';

import { translationsQuery } from '~/data/article-past';
import { loadArticle, startArticle } from '~/data/articles';
import { siteQuery } from '~/data/site';
import { Alarm } from '~/ui/alarm';
import { StatusBadge } from '~/ui/status-badge';
import { useLang, useTexts } from '~/ui/texts';

import type { ArticleSession, State } from './article-session';
import { settingTexts } from './setting-texts';
import { statusTexts } from './status-texts';
import classes from './translations.module.css';

export interface Beside {
  title: string;
  markdown: string;
  lang: string;
}

interface Props {
  session: ArticleSession;
  state: State;
  onBeside: (beside: Beside) => void;
}

export function Translations({ session, state, onBeside }: Props) {
  const t = useTexts(settingTexts);
  const st = useTexts(statusTexts);
  const { lang } = useLang();
  const navigate = useNavigate();
  const { data: site } = useQuery(siteQuery);
  const { article, fields } = state;
  const id = article?.id ?? '';
  const { data: group = [] } = useQuery(translationsQuery(id, article?.revision ?? 0));
  const others = group.filter((item) => item.id !== id);
  const own = group.find((item) => item.id === id);
  const taken = new Set([fields.lang, ...group.map((item) => item.lang)]);
  const missing = (site?.languages ?? []).filter((value) => !taken.has(value));
  const names = new Intl.DisplayNames([lang], { type: 'language' });
  const begin = useMutation({
    mutationFn: async (wanted: string) => {
      await session.flush();
      const { title, markdown, author_slugs, tag_slugs, cover_id } = fields;
      const body = { title, markdown, author_slugs, tag_slugs, cover_id };
      return startArticle({ ...body, lang: wanted, translation_of: id }, crypto.randomUUID());
    },
    onSuccess: ({ id: made }) =>
      navigate({ to: '/articles/$articleId', params: { articleId: made }, state: { original: id } }),
  });
  const show = useMutation({ mutationFn: loadArticle, onSuccess: onBeside });
  if (others.length === 0 && missing.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label={t('translations')}>
      <Text size="sm" fw={500}>
        {t('translations')}
      </Text>
      {others.map((item) => (
        <div key={item.id} className={classes.item}>
          <div className={classes.words}>
            <Link to="/articles/$articleId" params={{ articleId: item.id }} className={classes.title}>
              {item.title}
            </Link>
            <span className={classes.about}>
              {names.of(item.lang) ?? item.lang}
              {item.is_source && ` · ${t('source')}`}
              {item.is_outdated && ` · ${t('outdated')}`}
            </span>
          </div>
          <StatusBadge status={item.status} label={st(item.status)} />
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`${t('beside')}: ${item.title}`}
            onClick={() => show.mutate(item.id)}
          >
            {t('beside')}
          </Button>
        </div>
      ))}
      <Alarm error={show.error} />
      {own?.is_outdated && (
        <Group justify="space-between">
          <Text size="sm">{t('outdated')}</Text>
          <Button size="xs" variant="default" onClick={() => void session.apply('confirmTranslation')}>
            {t('confirm')}
          </Button>
        </Group>
      )}
      {missing.length > 0 && (
        <Select
          label={t('newTranslation')}
          value={null}
          data={missing.map((value) => ({ value, label: names.of(value) ?? value }))}
          disabled={begin.isPending}
          error={begin.error?.message}
          onChange={(value) => value && begin.mutate(value)}
        />
      )}
    </Stack>
  );
}
