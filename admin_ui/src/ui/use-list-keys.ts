/** Walking a list by keyboard: `j` and `k` from row to row, `/` to the search, `n` for a new one. */
import { useRef } from 'react';

import { useShortcuts } from './use-shortcuts';

interface Keys {
  onNew?: (() => void) | undefined;
}

export function useListKeys({ onNew }: Keys) {
  const rows = useRef<HTMLUListElement>(null);
  const search = useRef<HTMLInputElement>(null);

  function move(step: 1 | -1) {
    const links = [...(rows.current?.querySelectorAll<HTMLElement>('a, button[data-row]') ?? [])];
    const at = links.indexOf(document.activeElement as HTMLElement);
    const next = at === -1 ? (step === 1 ? 0 : links.length - 1) : at + step;
    links[Math.min(Math.max(next, 0), links.length - 1)]?.focus();
  }

  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    '/': () => search.current?.focus(),
    ...(onNew && { n: onNew }),
  });
  return { rows, search };
}
