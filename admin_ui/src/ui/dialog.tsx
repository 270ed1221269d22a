/** A modal dialog that takes the focus at once, and gives it back, also where it ends by no longer being there. */
import { Modal } from '@mantine/core';
import type { ModalProps } from '@mantine/core';

import classes from './dialog.module.css';
import { FocusAtOnce } from './focus-at-once';
import { FocusBack } from './focus-back';

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
