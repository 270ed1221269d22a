/** What surrounds an article: its checks, its past, its translations, links to its draft, series. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import {
  checkArticle,
  createArticlePreviewLink,
  diffArticleRevisions,
  listAdminSeries,
  listArticlePreviewLinks,
  listArticleRevisions,
  listArticleTranslations,
  revokeArticlePreviewLink,
} from '~/api';
import type {
  Checks,
  Difference,
  PreviewLink,
  PreviewLinkMade,
  RevisionSummary,
  SeriesAdmin,
  TranslationAdmin,
} from '~/api';

import { answer } from './problem';

export type { Difference, Finding, PreviewLink, RevisionSummary, SeriesAdmin, TranslationAdmin } from '~/api';

export const checksQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: ['articles', 'checks', id, revision],
    queryFn: (): Promise<Checks> => answer(checkArticle({ path: { item_id: id } })),
    placeholderData: keepPreviousData,
  });

export const revisionsQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: ['articles', 'revisions', id, revision],
    queryFn: async (): Promise<RevisionSummary[]> =>
      (await answer(listArticleRevisions({ path: { item_id: id }, query: { limit: 100 } }))).items,
    placeholderData: keepPreviousData,
  });

export const differenceQuery = (id: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['articles', 'difference', id, from, to],
    queryFn: (): Promise<Difference> =>
      answer(diffArticleRevisions({ path: { item_id: id, number: String(from) }, query: { to } })),
    staleTime: Infinity,
  });

export const translationsQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: ['articles', 'translations', id, revision],
    queryFn: async (): Promise<TranslationAdmin[]> =>
      (await answer(listArticleTranslations({ path: { item_id: id } }))).items,
    placeholderData: keepPreviousData,
  });

export const previewLinksQuery = (id: string) =>
  queryOptions({
    queryKey: ['articles', 'preview-links', id],
    queryFn: async (): Promise<PreviewLink[]> =>
      (await answer(listArticlePreviewLinks({ path: { item_id: id }, query: { limit: 50 } }))).items,
  });

export const makePreviewLink = (id: string, hours: number): Promise<PreviewLinkMade> =>
  answer(createArticlePreviewLink({ path: { item_id: id }, body: { expires_in_hours: hours } }));

export const revokePreviewLink = (id: string, link: string): Promise<unknown> =>
  answer(revokeArticlePreviewLink({ path: { item_id: id, link_id: link } }));

export const seriesChoicesQuery = queryOptions({
  queryKey: ['series', 'choices'],
  queryFn: async (): Promise<SeriesAdmin[]> =>
    (await answer(listAdminSeries({ query: { limit: 100 } }))).items,
  staleTime: 60_000,
});
