/** What lies in the trash, of every kind that has one. */
import { queryOptions } from '@tanstack/react-query';

import { applyVerb, findArticles, removeArticle } from './articles';
import type { ArticleAdminSummary } from './articles';
import { pages, projects } from './desks';
import type { PageAdminSummary, ProjectAdminSummary } from './desks';

export type Trashed = (ArticleAdminSummary | PageAdminSummary | ProjectAdminSummary) & {
  kind: 'articles' | 'pages' | 'projects';
};

const TRASHED = { status: 'trashed' };

export const trashQuery = (kind: Trashed['kind']) =>
  queryOptions({
    queryKey: [kind, 'trash'],
    queryFn: async (): Promise<{ items: Trashed[]; isMore: boolean }> => {
      const { items, page } =
        kind === 'articles'
          ? await findArticles(TRASHED, 100)
          : await (kind === 'pages' ? pages : projects).list(TRASHED);
      return { items: items.map((item) => ({ ...item, kind })), isMore: page.next !== null };
    },
  });

export async function restore({ kind, id, revision }: Trashed): Promise<void> {
  if (kind === 'articles') await applyVerb('restore', id, revision, {});
  else await (kind === 'pages' ? pages : projects).apply('restore', id, revision, null);
}

export async function purge({ kind, id, revision }: Trashed): Promise<void> {
  if (kind === 'articles') await removeArticle(id, revision);
  else await (kind === 'pages' ? pages : projects).apply('purge', id, revision, null);
}
