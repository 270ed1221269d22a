/** A screen that lists things of one kind: narrow it, walk it, open one, start another. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { QueryKey, UseQueryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { Paged } from '~/data/records';

import { EmptyState } from './empty-state';
import { Icon } from './icon';
import { useListSearch } from './list-search';
import { Page } from './page';
import { Pager } from './pager';
import classes from './record-list.module.css';
import { recordTexts } from './record-texts';
import { RowsSkeleton } from './rows-skeleton';
import { SearchBox } from './search-box';
import { useTexts } from './texts';
import { useListKeys } from './use-list-keys';
import { useListMemory } from './use-list-memory';

interface Props<S, K extends QueryKey> {
  title: string;
  query: UseQueryOptions<Paged<S>, Error, Paged<S>, K>;
  /** Without it, nobody may start one here. */
  create?: { label: string; onNew: () => void } | false;
  actions?: ReactNode;
  isSearched?: boolean;
  searchLabel?: string;
  filters?: ReactNode;
  /** Between the filters and the rows, for what is chosen of them. */
  above?: (items: S[]) => ReactNode;
  empty: string;
  emptyHint?: string;
  layout?: 'rows' | 'grid';
  row: (item: S) => ReactNode;
}

export function RecordList<S, K extends QueryKey>(props: Props<S, K>) {
  const { title, query, create, actions, isSearched, filters, above, layout = 'rows', row } = props;
  const t = useTexts(recordTexts);
  const [search] = useListSearch();
  const { data, error, refetch, isPlaceholderData } = useQuery(query);
  const { rows, search: searchBox } = useListKeys({ onNew: create ? create.onNew : undefined });
  const isEmpty = data?.items.length === 0;
  const onOpen = useListMemory(rows, data !== undefined);
  const isNarrowed = Object.keys(search).length > 0;
  return (
    <Page
      title={title}
      actions={
        <>
          {actions}
          {create && (
            <Button leftSection={<Icon name="plus" size={16} />} onClick={create.onNew}>
              {create.label}
            </Button>
          )}
        </>
      }
    >
      {(isSearched || filters) && (
        <div className={classes.narrow}>
          {isSearched && <SearchBox ref={searchBox} {...(props.searchLabel && { label: props.searchLabel })} />}
          {filters}
        </div>
      )}
      {error && !data && (
        <EmptyState title={t('couldNotLoad')} hint={error.message}>
          <Button variant="default" onClick={() => void refetch()}>
            {t('tryAgain')}
          </Button>
        </EmptyState>
      )}
      {!data && !error && <RowsSkeleton />}
      {data && above?.(data.items)}
      {isEmpty && (
        <EmptyState
          title={isNarrowed ? t('emptyFound') : props.empty}
          {...(!isNarrowed && props.emptyHint && { hint: props.emptyHint })}
        />
      )}
      {data && !isEmpty && (
        <ul
          ref={rows}
          className={layout === 'rows' ? classes.rows : classes.grid}
          aria-label={title}
          onClickCapture={onOpen}
          data-stale={isPlaceholderData || undefined}
        >
          {data.items.map(row)}
        </ul>
      )}
      {data && <Pager page={data.page} />}
    </Page>
  );
}
