/** All articles, last changed first: filter, pages, and everything by keyboard. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useRef } from 'react';

import { articlesQuery } from '~/data/articles';
import { siteQuery } from '~/data/site';
import { EmptyState } from '~/ui/empty-state';
import { Icon } from '~/ui/icon';
import { Page } from '~/ui/page';
import { useTexts } from '~/ui/texts';
import { useShortcuts } from '~/ui/use-shortcuts';

import { ArticleRow } from './article-row';
import classes from './articles-page.module.css';
import { RowsSkeleton } from './rows-skeleton';
import { StatusFilter } from './status-filter';
import { articleTexts } from './texts';

export function ArticlesPage() {
  const t = useTexts(articleTexts);
  const navigate = useNavigate();
  const search = useSearch({ from: '/inside/framed/articles' });
  const { data: site } = useQuery(siteQuery);
  const { data, error, refetch, isPlaceholderData } = useQuery(articlesQuery(search));
  const rows = useRef<HTMLOListElement>(null);
  const filter = useRef<HTMLElement>(null);
  const write = () => void navigate({ to: '/articles/$articleId', params: { articleId: 'new' } });

  function move(step: 1 | -1) {
    const links = [...(rows.current?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step;
    links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
  }

  useShortcuts({
    n: write,
    j: () => move(1),
    k: () => move(-1),
    '/': () => filter.current?.querySelector<HTMLElement>('[aria-current="page"]')?.focus(),
  });

  const isEmpty = data?.items.length === 0;
  return (
    <Page
      title={t('title')}
      actions={
        <Button leftSection={<Icon name="plus" size={16} />} onClick={write}>
          {t('new')}
        </Button>
      }
    >
      <StatusFilter status={search.status} ref={filter} />
      {error && !data && (
        <EmptyState title={t('couldNotLoad')} hint={error.message}>
          <Button variant="default" onClick={() => void refetch()}>
            {t('tryAgain')}
          </Button>
        </EmptyState>
      )}
      {!data && !error && <RowsSkeleton />}
      {isEmpty && (
        <EmptyState
          title={search.status ? t('emptyStatus') : t('empty')}
          {...(!search.status && { hint: t('emptyHint') })}
        />
      )}
      {data && !isEmpty && (
        <ol
          ref={rows}
          className={classes.rows}
          aria-label={t('list')}
          data-stale={isPlaceholderData || undefined}
        >
          {data.items.map((article) => (
            <ArticleRow
              key={article.id}
              article={article}
              timeZone={site?.time_zone ?? 'UTC'}
            />
          ))}
        </ol>
      )}
      {data && (data.page.next || data.page.prev) && (
        <nav className={classes.pages} aria-label={t('pages')}>
          <PageLink cursor={data.page.prev ?? null} label={t('newer')} icon="left" />
          <PageLink cursor={data.page.next ?? null} label={t('older')} icon="right" />
        </nav>
      )}
    </Page>
  );
}

function PageLink(props: { cursor: string | null; label: string; icon: 'left' | 'right' }) {
  const { cursor, label, icon } = props;
  if (!cursor) return <span />;
  return (
    <Link
      to="/articles"
      search={(before) => ({ ...before, cursor })}
      className={classes.pageLink}
      data-side={icon}
    >
      <Icon name={icon} size={16} />
      {label}
    </Link>
  );
}
