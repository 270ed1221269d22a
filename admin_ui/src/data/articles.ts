/** Articles as the admin reads and writes them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import {
  createArticle,
  discardArticleDraft,
  getAdminArticle,
  listAdminArticles,
  publishArticle,
  purgeArticle,
  renderMarkdown,
  restoreArticle,
  trashArticle,
  unpublishArticle,
  updateArticle,
} from '~/api';
import type {
  ArticleAdmin,
  ArticleAdminList,
  ArticleAdminSummary,
  Render,
} from '~/api';

import { answer } from './problem';
import type { Filter, Paged } from './records';
import { ifMatch } from './revision';

export type { ArticleAdmin, ArticleAdminSummary, Render, Status } from '~/api';

export function findArticles(filter: Filter, limit = 20, total = false): Promise<ArticleAdminList> {
  const { featured, ...rest } = filter;
  const query = { ...rest, limit, total, ...(featured && { featured: featured === 'true' }) };
  return answer(listAdminArticles({ query: query }));
}

export const articlesQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['articles', 'list', filter],
    queryFn: (): Promise<Paged<ArticleAdminSummary>> => findArticles(filter),
    placeholderData: keepPreviousData,
  });

export const loadArticle = (id: string): Promise<ArticleAdmin> =>
  answer(getAdminArticle({ path: { item_id: id } }));

export type ArticleVerb = 'publish' | 'unpublish' | 'discard' | 'restore' | 'trash';

export function applyVerb(
  verb: ArticleVerb,
  id: string,
  revision: number,
  at: string | null,
): Promise<ArticleAdmin> {
  const path = { item_id: id };
  const headers = ifMatch(revision);
  switch (verb) {
    case 'publish':
      return answer(publishArticle({ path, headers, body: { at } }));
    case 'unpublish':
      return answer(unpublishArticle({ path, headers, body: { at } }));
    case 'discard':
      return answer(discardArticleDraft({ path, headers }));
    case 'restore':
      return answer(restoreArticle({ path, headers }));
    case 'trash':
      return answer(trashArticle({ path, headers }));
  }
}

export const startArticle = (body: { title: string }, key: string): Promise<ArticleAdmin> =>
  answer(createArticle({ body, headers: { 'Idempotency-Key': key } }));

export const changeArticle = (
  id: string,
  revision: number,
  body: Record<string, unknown>,
): Promise<ArticleAdmin> =>
  answer(updateArticle({ path: { item_id: id }, headers: ifMatch(revision), body }));

export const removeArticle = (id: string, revision: number): Promise<unknown> =>
  answer(purgeArticle({ path: { item_id: id }, headers: ifMatch(revision) }));

export const renderQuery = (markdown: string) =>
  queryOptions({
    queryKey: ['render', markdown],
    queryFn: (): Promise<Render> => answer(renderMarkdown({ body: { markdown } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 10_000,
    retry: 1,
  });
