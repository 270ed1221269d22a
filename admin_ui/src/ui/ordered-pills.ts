/** Several names in one field, in an order of their own: dragged, or moved by Alt and an arrow. */
import type { KeyboardEvent } from 'react';

/** At either end there is nowhere to move to, and the browser would leave the page instead. */
function onKeyDown(event: KeyboardEvent) {
  const isPill = event.target instanceof Element && event.target.matches('[data-mantine-pill-index]');
  if (isPill && event.altKey && /^Arrow(Left|Right)$/.test(event.key)) event.preventDefault();
}

export const orderedPills = { withPillsReorder: true, wrapperProps: { onKeyDown } } as const;
