/** Keeps how a list is left; whoever comes back to it stands on the row that they opened. */
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { MouseEvent, RefObject } from 'react';

import { keepOpened, keepSearch, takeOpened } from './list-memory';
import { useListSearch } from './list-search';

export function useListMemory(rows: RefObject<HTMLElement | null>, isThere: boolean) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const [search] = useListSearch();
  const wasThere = useRef(false);
  useEffect(() => keepSearch(path, search));
  useEffect(() => {
    if (!isThere || wasThere.current) return;
    wasThere.current = true;
    const address = takeOpened(path);
    // Whatever somebody chose meanwhile keeps the focus; the screen itself gives it away.
    const isFree = [null, document.body, document.querySelector('main')].includes(
      document.activeElement as HTMLElement | null,
    );
    if (address === null || !isFree) return;
    const links = [...(rows.current?.querySelectorAll('a') ?? [])];
    links.find((link) => link.getAttribute('href') === address)?.focus();
  }, [isThere, path, rows]);
  return (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link) keepOpened(path, link.getAttribute('href'));
  };
}
