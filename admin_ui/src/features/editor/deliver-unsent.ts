/** Before the browser forgets: whatever closed tabs left on this device is sent to the server. */
import type { QueryClient } from '@tanstack/react-query';

import { unsentArticles } from '~/data/local-drafts';

import { NEW, openSession } from './open-session';

/** What can't be delivered stays where it is. */
export async function deliverUnsent(queryClient: QueryClient): Promise<void> {
  for (const id of unsentArticles(localStorage)) {
    try {
      const session = await openSession(queryClient, id ?? NEW);
      await session.flush();
      session.dispose();
    } catch {
      // Gone, not ours any more, or nobody answers: the dialog asks about it.
    }
  }
}
