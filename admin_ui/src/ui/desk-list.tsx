/** The list of a kind with drafts: narrowed by status and words, changed many at a time. */
import { useQuery } from '@tanstack/react-query';
import type { QueryKey, UseQueryOptions } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { STATUSES } from '~/data/desks';
import type { Bulker, BulkVerb, Published } from '~/data/desks';
import type { Permission } from '~/data/permissions';
import type { Filter, Paged } from '~/data/records';
import { siteQuery } from '~/data/site';

import { BulkBar } from './bulk-bar';
import { Choices } from './choices';
import { useListSearch } from './list-search';
import { RecordList } from './record-list';
import { paramsOf } from './record-link';
import type { RecordPath } from './record-link';
import { RecordRow } from './record-row';
import { recordTexts } from './record-texts';
import { StatusBadge } from './status-badge';
import { useLang, useTexts } from './texts';
import { dayAndTime } from './time';
import { useChoice } from './use-choice';
import { useClock } from './use-clock';
import { useMay } from './use-may';

import './mantine-forms.css';

interface Summary extends Published {
  updated_at: string;
  lang: string;
}

interface Props<S, K extends QueryKey> {
  /** The first part of the kind's query keys. */
  name: string;
  query: (filter: Filter) => UseQueryOptions<Paged<S>, Error, Paged<S>, K>;
  bulk: Bulker;
  path: RecordPath;
  writes: Permission;
  publishes: Permission;
  purges: Permission;
  title: string;
  newText: string;
  empty: string;
  emptyHint: string;
  meta: (item: S) => ReactNode[];
  mark?: (item: S) => ReactNode;
  /** More to narrow the list with. */
  filters?: ReactNode;
}

export function DeskList<S extends Summary, K extends QueryKey>(props: Props<S, K>) {
  const { name, path, title } = props;
  const t = useTexts(recordTexts);
  const { lang } = useLang();
  const { ago } = useClock();
  const may = useMay();
  const navigate = useNavigate();
  const [search] = useListSearch();
  const choice = useChoice(JSON.stringify(search));
  const { data: site } = useQuery(siteQuery);
  const onNew = () => void navigate({ to: path, params: paramsOf(path, 'new') } as never);
  const verbs: BulkVerb[] =
    search.status === 'trashed'
      ? ['restore', ...(may(props.purges) ? (['purge'] as const) : [])]
      : [...(may(props.publishes) ? (['publish', 'unpublish'] as const) : []), 'trash'];
  return (
    <RecordList
      title={title}
      query={props.query(search)}
      create={may(props.writes) && { label: props.newText, onNew }}
      isSearched
      filters={
        <>
        <Choices
          label={t('filter')}
          name="status"
          choices={[
            { value: undefined, label: t('everything') },
            ...STATUSES.map((status) => ({ value: status, label: t(status) })),
          ]}
        />
        {props.filters}
        </>
      }
      above={(items) => (
        <BulkBar
          name={name}
          choice={choice}
          titles={new Map(items.map((item) => [item.id, item.title]))}
          bulk={props.bulk}
          verbs={verbs}
        />
      )}
      empty={props.empty}
      emptyHint={props.emptyHint}
      row={(item) => (
        <RecordRow
          key={item.id}
          path={path}
          id={item.id}
          title={item.title}
          lang={item.lang}
          mark={props.mark?.(item)}
          badge={<StatusBadge status={item.status} label={t(item.status)} />}
          choice={may(props.writes) ? choice.of(item) : undefined}
          meta={[
            item.status === 'scheduled' &&
              item.publish_at &&
              t('scheduledFor', { when: dayAndTime(item.publish_at, lang, site?.time_zone ?? 'UTC') }),
            t('updated', { when: ago(item.updated_at) }),
            ...props.meta(item),
            item.has_unpublished_changes && t('changes'),
          ]}
        />
      )}
    />
  );
}
