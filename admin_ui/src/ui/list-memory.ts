/** How each list was left: what narrowed it, and which of its rows was opened. Until the page is loaded anew. */
import type { ListSearch } from './list-search';

const searches = new Map<string, ListSearch>();
const opened = new Map<string, string>();

export function keepSearch(path: string, search: ListSearch): void {
  searches.set(path, search);
}

/** What leads back to the list as it was. */
export function lastSearch(path: string): ListSearch {
  return searches.get(path) ?? {};
}

/** The address of the row that is opened; null if none is. */
export function keepOpened(path: string, address: string | null): void {
  if (address === null) opened.delete(path);
  else opened.set(path, address);
}

/** Once: who comes back later begins anew. */
export function takeOpened(path: string): string | null {
  const address = opened.get(path) ?? null;
  opened.delete(path);
  return address;
}
