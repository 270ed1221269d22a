/** Gives the focus back to what had it before this stood on the page. */
import { useEffect, useState } from 'react';

import { focused } from './focus-memory';

/** What was chosen in a menu is gone by then; its button is not. */
function opener(): Element | null {
  const found = focused();
  const menu = found?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return menu ? document.getElementById(menu) : found;
}

export function FocusBack() {
  const [before] = useState(opener);
  useEffect(
    () => () => {
      const last = document.activeElement;
      setTimeout(() => {
        // Whatever took the focus by then keeps it; a dialog that is still fading away does not.
        const isFading = document.activeElement === last && last?.closest('[role="dialog"]');
        if (document.activeElement !== document.body && !isFading) return;
        const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
        const target = isThere ? before : document.querySelector<HTMLElement>('#content, .cm-content');
        target?.focus({ preventScroll: true });
      });
    },
    [before],
  );
  return null;
}
