/** What had the focus last: a button that is off while its answer is on its way loses it. */

let last: HTMLButtonElement | null = null;

const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

/** The focus, or the button that lost it. */
export function focused(): Element | null {
  return isNowhere() ? last : document.activeElement;
}

/** From now on the focus is remembered, and a button that is on again has it again. */
export function rememberFocus(): () => void {
  const observer = new MutationObserver(() => {
    if (last && !last.disabled && isNowhere()) last.focus({ preventScroll: true });
  });
  function onFocusIn({ target }: FocusEvent) {
    observer.disconnect();
    last = target instanceof HTMLButtonElement ? target : null;
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
