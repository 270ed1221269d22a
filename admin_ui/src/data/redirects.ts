/** Old addresses and where they lead. */
import {
  createRedirect,
  deleteRedirect,
  getAdminRedirect,
  listAdminRedirects,
  updateRedirect,
} from '~/api';
import type { RedirectAdmin, RedirectInput } from '~/api';

import { answer } from './problem';
import type { Store } from './records';
import { ifMatch, once } from './revision';

export type { RedirectAdmin } from '~/api';

/** One that somebody wrote; those that a changed slug left behind have no id. */
export type WrittenRedirect = RedirectAdmin & { id: string; revision: number };

export const EXPORTS = ['nginx', 'next', 'netlify'] as const;
export const exportAddress = (format: (typeof EXPORTS)[number]): string =>
  `/api/v1/admin/redirects/export?format=${format}`;

export const redirects: Store<WrittenRedirect, RedirectAdmin> = {
  name: 'redirects',
  list: ({ source, cursor }) =>
    answer(
      listAdminRedirects({
        query: {
          limit: 50,
          ...(source && { source: source as RedirectAdmin['source'] }),
          ...(cursor && { cursor }),
        },
      }),
    ),
  load: async (id) => (await answer(getAdminRedirect({ path: { redirect_id: id } }))) as WrittenRedirect,
  start: async (body, key) =>
    (await answer(
      createRedirect({ headers: once(key), body: body as RedirectInput }),
    )) as WrittenRedirect,
  change: async (id, revision, body) =>
    (await answer(
      updateRedirect({ path: { redirect_id: id }, headers: ifMatch(revision), body }),
    )) as WrittenRedirect,
};

export const removeRedirect = (id: string, revision: number): Promise<unknown> =>
  answer(deleteRedirect({ path: { redirect_id: id }, headers: ifMatch(revision) }));
