/** The list of a menu: its first item has the focus as soon as it stands there, its button once it is gone. */
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';

import { FocusAtOnce } from './focus-at-once';
import { FocusBack } from './focus-back';

export function MenuDropdown({ children }: { children: ReactNode }) {
  return (
    <Menu.Dropdown>
      <FocusBack />
      <FocusAtOnce />
      {children}
    </Menu.Dropdown>
  );
}
