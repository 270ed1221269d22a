import { useLayoutEffect, useRef } from 'react';

const MARKED = '[data-autofocus]';
const ITEM = '[role="menu"] [role^="menuitem"]:not(:disabled, [data-disabled])';

/**
 * Mantine gives the focus by a timer, and on a busy machine keys come first: what was typed right
 * behind the key that opened a dialog or a menu went elsewhere, and a Tab or an arrow in it was
 * taken back. Here what it would focus has the focus with the first drawing, and the late timer
 * finds what has it by then.
 */
export function FocusAtOnce() {
  const inside = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const whole = inside.current?.closest('[role="dialog"], [role="menu"]');
    const follow = ({ target }: Event) => {
      for (const other of whole?.querySelectorAll(MARKED) ?? []) other.removeAttribute('data-autofocus');
      if (target instanceof Element) target.setAttribute('data-autofocus', 'true');
    };
    whole?.addEventListener('focusin', follow);
    if (!whole?.contains(document.activeElement)) {
      whole?.querySelector<HTMLElement>(`${MARKED}, ${ITEM}`)?.focus({ preventScroll: true });
    }
    return () => whole?.removeEventListener('focusin', follow);
  }, []);
  return <span ref={inside} hidden />;
}
