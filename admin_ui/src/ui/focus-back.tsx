/** Gives the focus back to what had it before this stood on the page. */
import { useLayoutEffect, useState } from 'react';

import { focused, giveFocus, lasting } from './focus-memory';

export function FocusBack() {
  const [before] = useState(() => lasting(focused()));
  useLayoutEffect(
    () => () => {
      // Once this is off the page, and before the next key.
      queueMicrotask(() => {
        if (document.activeElement !== document.body) return; // whatever took it by then keeps it
        const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
        const target = isThere ? before : document.querySelector<HTMLElement>('#content, .cm-content');
        if (target) giveFocus(target);
      });
    },
    [before],
  );
  return null;
}
