/** Gives the focus back to what had it before this stood on the page. */
import { useEffect, useState } from 'react';

import { focused, giveFocus, lasting } from './focus-memory';

export function FocusBack() {
  const [before] = useState(() => lasting(focused()));
  useEffect(
    () => () => {
      const last = document.activeElement;
      setTimeout(() => {
        // Whatever took the focus by then keeps it; a dialog that is still fading away does not.
        const isFading = document.activeElement === last && last?.closest('[role="dialog"]');
        if (document.activeElement !== document.body && !isFading) return;
        const isThere = before instanceof HTMLElement && before.isConnected && before !== document.body;
        const target = isThere ? before : document.querySelector<HTMLElement>('#content, .cm-content');
        if (target) giveFocus(target);
      });
    },
    [before],
  );
  return null;
}
