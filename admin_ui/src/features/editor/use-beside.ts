/** What stands beside the text; with a translation that was just begun, its original does. */
import { useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

import { loadArticle } from '~/data/articles';

import type { Beside } from './translations';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The article that one began to translate. */
    original?: string;
  }
}

/** There both have room. */
const WIDE = '(width >= 62em)';

export function useBeside(): [Beside | null, (beside: Beside | null) => void] {
  const [beside, show] = useState<Beside | null>(null);
  const original = useRouterState({ select: ({ location }) => location.state.original });
  const [wanted] = useState(original);
  useEffect(() => {
    if (!wanted || !window.matchMedia(WIDE).matches) return;
    // Without an answer it can still be shown from among the translations.
    loadArticle(wanted).then(show, () => undefined);
  }, [wanted]);
  return [beside, show];
}
