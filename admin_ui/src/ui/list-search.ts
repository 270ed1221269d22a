/** What narrows a list stands in the address: it survives a reload, the back button and a link. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

const NAMES = [
  'q',
  'status',
  'tag',
  'author',
  'series',
  'lang',
  'featured',
  'kind',
  'state',
  'source',
  'item',
  'folder',
  'sort',
  'cursor',
] as const;

export type ListSearch = Partial<Record<(typeof NAMES)[number], string>>;

/** Takes what it knows; numbers and truths that the router read out of it are words again. */
export function listSearch(search: Record<string, unknown>): ListSearch {
  const found = NAMES.flatMap((name) => {
    const value = search[name];
    const isWord = ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
    return isWord ? [[name, String(value)]] : [];
  });
  return Object.fromEntries(found) as ListSearch;
}

/** The search of the list at hand, and a way to change it; every change starts at the first page. */
export function useListSearch(): [ListSearch, (changes: ListSearch, isTyping?: boolean) => void] {
  const search = listSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const change = useCallback(
    (changes: ListSearch, isTyping = false) => {
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) =>
          listSearch({ ...before, cursor: '', ...changes }) as never,
        replace: isTyping,
      });
    },
    [navigate],
  );
  return [search, change];
}
