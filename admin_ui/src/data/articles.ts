/** Articles as the admin reads and writes them. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import {
  autosaveArticle,
  confirmArticleTranslation,
  createArticle,
  discardArticleDraft,
  getAdminArticle,
  listAdminArticles,
  publishArticle,
  pullArticleImages,
  purgeArticle,
  renderMarkdown,
  restoreArticle,
  restoreArticleRevision,
  trashArticle,
  unpublishArticle,
  unscheduleArticle,
  updateArticle,
} from '~/api';
import type {
  ArticleAdmin,
  ArticleAdminList,
  ArticleAdminSummary,
  ArticleInput,
  Render,
} from '~/api';

import { answer } from './problem';
import type { Filter, Paged } from './records';
import { ifMatch } from './revision';

export type { ArticleAdmin, ArticleAdminSummary, Place, Render, Status } from '~/api';

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

export type ArticleVerb =
  | 'publish'
  | 'unpublish'
  | 'callOff'
  | 'discard'
  | 'bringBack'
  | 'confirmTranslation'
  | 'pullImages'
  | 'restore'
  | 'trash';

export interface VerbDetail {
  /** When it takes effect; null is now. */
  at?: string | null;
  /** Of what is planned, what to call off. */
  what?: 'publish' | 'unpublish' | 'change';
  /** Which revision comes back. */
  number?: number;
}

export function applyVerb(
  verb: ArticleVerb,
  id: string,
  revision: number,
  { at = null, what, number = 0 }: VerbDetail,
): Promise<ArticleAdmin> {
  const path = { item_id: id };
  const headers = ifMatch(revision);
  switch (verb) {
    case 'publish':
      return answer(publishArticle({ path, headers, body: { at } }));
    case 'unpublish':
      return answer(unpublishArticle({ path, headers, body: { at } }));
    case 'callOff':
      return answer(unscheduleArticle({ path, headers, body: { what: what ? [what] : null } }));
    case 'discard':
      return answer(discardArticleDraft({ path, headers }));
    case 'bringBack':
      return answer(restoreArticleRevision({ path: { ...path, number: String(number) }, headers }));
    case 'confirmTranslation':
      return answer(confirmArticleTranslation({ path, headers }));
    case 'pullImages':
      return answer(pullArticleImages({ path, headers })).then((pulled) => pulled.article);
    case 'restore':
      return answer(restoreArticle({ path, headers }));
    case 'trash':
      return answer(trashArticle({ path, headers }));
  }
}

export const startArticle = (body: ArticleInput, key: string): Promise<ArticleAdmin> =>
  answer(createArticle({ body, headers: { 'Idempotency-Key': key } }));

/** Saves while typing are folded into one revision; what a person asked to save stands alone. */
export function changeArticle(
  id: string,
  revision: number,
  body: Record<string, unknown>,
  isAutosave: boolean,
): Promise<ArticleAdmin> {
  const call = { path: { item_id: id }, headers: ifMatch(revision), body };
  return answer(isAutosave ? autosaveArticle(call) : updateArticle(call));
}

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
