/** Whatever of the site a text can link to, found by words. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { listAdminArticles, listAdminPages, listAdminProjects } from '~/api';
import type { Status } from '~/api';

import { answer } from './problem';

export interface SitePlace {
  kind: 'article' | 'page' | 'project';
  id: string;
  title: string;
  slug: string;
  lang: string;
  status: Status;
}

export const placesQuery = (q: string) =>
  queryOptions({
    queryKey: ['places', q],
    queryFn: async (): Promise<SitePlace[]> => {
      const query = { q, limit: 6 };
      const [articles, pages, projects] = await Promise.all([
        answer(listAdminArticles({ query })),
        answer(listAdminPages({ query })),
        answer(listAdminProjects({ query })),
      ]);
      const of = (kind: SitePlace['kind']) => (item: Omit<SitePlace, 'kind'>) => ({
        kind,
        id: item.id,
        title: item.title,
        slug: item.slug,
        lang: item.lang,
        status: item.status,
      });
      return [
        ...articles.items.map(of('article')),
        ...pages.items.map(of('page')),
        ...projects.items.map(of('project')),
      ];
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
