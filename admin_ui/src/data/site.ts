/** The site's settings and its vocabulary. */
import { queryOptions } from '@tanstack/react-query';

import { getAdminSite, listAdminTags, updateSite } from '~/api';
import type { SiteAdmin, TagAdmin } from '~/api';

import { answer } from './problem';
import { ifMatch } from './revision';

export type { SiteAdmin, TagAdmin } from '~/api';

export const siteQuery = queryOptions({
  queryKey: ['site'],
  queryFn: (): Promise<SiteAdmin> => answer(getAdminSite()),
  staleTime: 60_000,
});

export const tagsQuery = queryOptions({
  queryKey: ['tags'],
  queryFn: async (): Promise<TagAdmin[]> =>
    (await answer(listAdminTags({ query: { limit: 100 } }))).items,
  staleTime: 60_000,
});

export const changeSite = (revision: number, body: Record<string, unknown>): Promise<SiteAdmin> =>
  answer(updateSite({ headers: ifMatch(revision), body }));
