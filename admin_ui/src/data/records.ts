/** What every kind of stored thing has in common: a list in pages, one to load, to start, to change. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

export interface Paged<S> {
  items: S[];
  page: { next: string | null; prev: string | null; total?: number | null };
}

/** What narrows a list, as it stands in the address. */
export type Filter = Partial<Record<string, string>>;

/** What becomes of those that refer to something that goes. */
export interface Fate {
  replace_with?: string;
  force?: boolean;
}

export interface Store<T, S = T> {
  /** The first part of its query keys. */
  name: string;
  list: (filter: Filter) => Promise<Paged<S>>;
  load: (id: string) => Promise<T>;
  /** Under the same key the same body is started once. */
  start: (body: Record<string, unknown>, key: string) => Promise<T>;
  change: (id: string, revision: number, body: Record<string, unknown>) => Promise<T>;
}

export const listQuery = <T, S>(store: Store<T, S>, filter: Filter) =>
  queryOptions({
    queryKey: [store.name, 'list', filter],
    queryFn: (): Promise<Paged<S>> => store.list(filter),
    placeholderData: keepPreviousData,
  });

export const recordQuery = <T, S>(store: Store<T, S>, id: string) =>
  queryOptions({
    queryKey: [store.name, 'one', id],
    queryFn: (): Promise<T> => store.load(id),
  });
