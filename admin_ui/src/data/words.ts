/** Tags and series: words that articles carry, known by their slug. */
import {
  createSeries,
  createTag,
  deleteSeries,
  deleteTag,
  getAdminSeries,
  getAdminTag,
  getSeriesUsage,
  getTagUsage,
  listAdminSeries,
  listAdminTags,
  mergeTag,
  updateSeries,
  updateTag,
} from '~/api';
import type { SeriesAdmin, SeriesInput, TagAdmin, TagInput, Usage } from '~/api';

import { answer } from './problem';
import type { Fate, Store } from './records';
import { ifMatch, once } from './revision';

export type { SeriesAdmin, TagAdmin, Usage } from '~/api';

export interface Vocabulary<T> extends Store<T> {
  usage: (slug: string) => Promise<Usage>;
  remove: (slug: string, revision: number, fate: Fate) => Promise<unknown>;
}

export const tags: Vocabulary<TagAdmin> = {
  name: 'tags',
  list: ({ cursor }) => answer(listAdminTags({ query: { limit: 50, ...(cursor && { cursor }) } })),
  load: (slug) => answer(getAdminTag({ path: { slug } })),
  start: (body, key) => answer(createTag({ headers: once(key), body: body as TagInput })),
  change: (slug, revision, body) =>
    answer(updateTag({ path: { slug }, headers: ifMatch(revision), body })),
  usage: (slug) => answer(getTagUsage({ path: { slug } })),
  remove: (slug, revision, fate) =>
    answer(deleteTag({ path: { slug }, headers: ifMatch(revision), query: fate })),
};

export const merge = (slug: string, revision: number, into: string): Promise<TagAdmin> =>
  answer(mergeTag({ path: { slug }, headers: ifMatch(revision), body: { into } }));

export const series: Vocabulary<SeriesAdmin> = {
  name: 'series',
  list: ({ cursor }) => answer(listAdminSeries({ query: { limit: 50, ...(cursor && { cursor }) } })),
  load: (slug) => answer(getAdminSeries({ path: { slug } })),
  start: (body, key) => answer(createSeries({ headers: once(key), body: body as SeriesInput })),
  change: (slug, revision, body) =>
    answer(updateSeries({ path: { slug }, headers: ifMatch(revision), body })),
  usage: (slug) => answer(getSeriesUsage({ path: { slug } })),
  remove: (slug, revision, fate) =>
    answer(deleteSeries({ path: { slug }, headers: ifMatch(revision), query: fate })),
};
