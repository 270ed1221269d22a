/** Everything behind the sign-in; when the session runs out, the dialog comes over whatever is open. */
import { Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';

import { ExpiredDialog } from '~/features/session/expired-dialog';
import { ProveDialog } from '~/features/session/prove-dialog';
import { rememberFocus } from '~/ui/focus-memory';

export function Inside() {
  useEffect(rememberFocus, []);
  return (
    <>
      <Outlet />
      <ExpiredDialog />
      <ProveDialog />
    </>
  );
}
