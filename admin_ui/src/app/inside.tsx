/** Everything behind the sign-in; when the session runs out, the dialog comes over whatever is open. */
import { Outlet } from '@tanstack/react-router';

import { ExpiredDialog } from '~/features/session/expired-dialog';
import { ProveDialog } from '~/features/session/prove-dialog';

export function Inside() {
  return (
    <>
      <Outlet />
      <ExpiredDialog />
      <ProveDialog />
    </>
  );
}
