/** A modal dialog that takes the focus at once, and gives it back, also where it ends by no longer being there. */
import { Modal } from '@mantine/core';
import type { ModalProps } from '@mantine/core';
import { useLayoutEffect, useRef } from 'react';

import classes from './dialog.module.css';
import { FocusBack } from './focus-back';

const MARKED = '[data-autofocus]';
/** It stands there for the key that follows; only what is seen of it fades in. */
const AT_ONCE = { duration: 0 };

export function Dialog({ children, ...props }: ModalProps) {
  return (
    <>
      {props.opened && <FocusBack />}
      <Modal returnFocus={false} transitionProps={AT_ONCE} classNames={classes} {...props}>
        <FocusAtOnce />
        {children}
      </Modal>
    </>
  );
}

/**
 * Mantine gives the focus by a timer, and on a busy machine keys come first: what was typed right
 * behind the key that opened the dialog went elsewhere, and a Tab in it was taken back. Here what
 * it would focus has the focus with the first drawing, and its late timer finds what has it then.
 */
function FocusAtOnce() {
  const inside = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const dialog = inside.current?.closest('[role="dialog"]');
    const follow = ({ target }: Event) => {
      for (const other of dialog?.querySelectorAll(MARKED) ?? []) other.removeAttribute('data-autofocus');
      if (target instanceof Element) target.setAttribute('data-autofocus', 'true');
    };
    dialog?.addEventListener('focusin', follow);
    if (!dialog?.contains(document.activeElement)) {
      dialog?.querySelector<HTMLElement>(MARKED)?.focus({ preventScroll: true });
    }
    return () => dialog?.removeEventListener('focusin', follow);
  }, []);
  return <span ref={inside} hidden />;
}
