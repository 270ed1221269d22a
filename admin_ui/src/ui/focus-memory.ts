/** What had the focus last: what is off while its answer is on its way loses it, or is gone with it. */

import { heirOf } from './focus-heir';

type Control = HTMLButtonElement | HTMLInputElement;

let last: Control | null = null;
let address = '';
const observer = new MutationObserver(() => {
  if (!last || last.disabled || last.getAttribute('aria-expanded') === 'true') return;
  // Nowhere, or in a menu of its own that is still fading away.
  if (isNowhere() || lasting(document.activeElement) === last) last.focus({ preventScroll: true });
});
// A row that was removed. What ends a dialog, or another screen, gives the focus by itself.
const removals = new MutationObserver((records) => {
  const within = content();
  if (!last || last.isConnected || !within) return;
  const heir = isNowhere() && location.pathname === address ? heirOf(last, within, records) : null;
  remember(null);
  heir?.focus({ preventScroll: true });
});

const content = () => document.getElementById('content');

function remember(found: unknown): void {
  observer.disconnect();
  removals.disconnect();
  const isControl = found instanceof HTMLButtonElement || found instanceof HTMLInputElement;
  last = isControl ? found : null;
  if (!last) return;
  address = location.pathname;
  observer.observe(last, { attributes: true, attributeFilter: ['disabled'] });
  const within = content();
  if (within?.contains(last)) removals.observe(within, { childList: true, subtree: true });
}

const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

/** What was chosen in a menu is soon gone; its button is not. */
export function lasting(found: Element | null): Element | null {
  const menu = found?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return menu ? document.getElementById(menu) : found;
}

/** The focus, or the button that lost it, or the field that is off; one may also leave a field. */
export function focused(): Element | null {
  if (!isNowhere()) return document.activeElement;
  return last instanceof HTMLInputElement && !last.disabled ? null : last;
}

/** The focus for this, once it is on. */
export function giveFocus(to: HTMLElement): void {
  to.focus(); // and in view: whoever comes back looks there
  if (document.activeElement === to) return;
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  remember(to);
}

/** From now on the focus is remembered, and what is on again has it again. */
export function rememberFocus(): () => void {
  const onFocusIn = ({ target }: FocusEvent) => remember(target instanceof Element ? lasting(target) : null);
  const forget = () => remember(null);
  document.addEventListener('focusin', onFocusIn);
  document.addEventListener('pointerdown', forget, true);
  return () => {
    forget();
    document.removeEventListener('focusin', onFocusIn);
    document.removeEventListener('pointerdown', forget, true);
  };
}
