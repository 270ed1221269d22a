/** A modal dialog that gives the focus back, also where it ends by no longer being there. */
import { Modal } from '@mantine/core';
import type { ModalProps } from '@mantine/core';

import { FocusBack } from './focus-back';

export function Dialog(props: ModalProps) {
  return (
    <>
      {props.opened && <FocusBack />}
      <Modal returnFocus={false} {...props} />
    </>
  );
}
