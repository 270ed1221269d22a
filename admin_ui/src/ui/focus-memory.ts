/** What had the focus last: what is off while its answer is on its way loses it. */

type Control = HTMLButtonElement | HTMLInputElement;

let last: Control | null = null;
const isControl = (target: unknown): target is Control =>
  target instanceof HTMLButtonElement || target instanceof HTMLInputElement;

const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

/** The focus, or the button or the field that lost it. */
export function focused(): Element | null {
  return isNowhere() ? last : document.activeElement;
}

/** From now on the focus is remembered, and what is on again has it again. */
export function rememberFocus(): () => void {
  const observer = new MutationObserver(() => {
    if (last && !last.disabled && isNowhere()) last.focus({ preventScroll: true });
  });
  function onFocusIn({ target }: FocusEvent) {
    observer.disconnect();
    last = isControl(target) ? target : null;
    if (last) observer.observe(last, { attributes: true, attributeFilter: ['disabled'] });
  }
  function forget() {
    observer.disconnect();
    last = null;
  }
  document.addEventListener('focusin', onFocusIn);
  document.addEventListener('pointerdown', forget, true);
  return () => {
    forget();
    document.removeEventListener('focusin', onFocusIn);
    document.removeEventListener('pointerdown', forget, true);
  };
}
