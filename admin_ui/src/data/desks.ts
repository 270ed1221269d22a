/** Pages and projects: kinds with a draft and a live version, and the verbs that they share. */
import {
  bulkArticles,
  bulkPages,
  bulkProjects,
  createPage,
  createProject,
  discardPageDraft,
  discardProjectDraft,
  getAdminPage,
  getAdminProject,
  listAdminPages,
  listAdminProjects,
  publishPage,
  publishProject,
  purgePage,
  purgeProject,
  restorePage,
  restoreProject,
  trashPage,
  trashProject,
  unpublishPage,
  unpublishProject,
  updatePage,
  updateProject,
} from '~/api';
import type {
  Bulk,
  BulkInput,
  PageAdmin,
  PageAdminSummary,
  PageInput,
  ProjectAdmin,
  ProjectAdminSummary,
  ProjectInput,
  Status,
} from '~/api';

import { answer } from './problem';
import type { Filter, Store } from './records';
import { ifMatch, once } from './revision';

export type { Bulk, PageAdmin, PageAdminSummary, ProjectAdmin, ProjectAdminSummary } from '~/api';

export const LIMIT = 20;
export const STATUSES = ['draft', 'scheduled', 'published', 'unpublished', 'trashed'] as const satisfies Status[];
export type DeskVerb = 'publish' | 'unpublish' | 'discard' | 'trash' | 'restore' | 'purge';
export type BulkVerb = BulkInput['verb'];
export type Bulker = (body: BulkInput) => Promise<Bulk>;

export interface Published {
  id: string;
  revision: number;
  status: Status;
  has_unpublished_changes: boolean;
  title: string;
  publish_at: string | null;
}

export interface Desk<T extends Published, S> extends Store<T, S> {
  bulk: Bulker;
  /** Null once it is gone. */
  apply: (verb: DeskVerb, id: string, revision: number, at: string | null) => Promise<T | null>;
}

const queryOf = ({ q, status, cursor }: Filter) => ({
  limit: LIMIT,
  ...(q && { q }),
  ...(status && { status: status as Status }),
  ...(cursor && { cursor }),
});

export const pages: Desk<PageAdmin, PageAdminSummary> = {
  name: 'pages',
  list: (filter) => answer(listAdminPages({ query: queryOf(filter) })),
  load: (id) => answer(getAdminPage({ path: { item_id: id } })),
  start: (body, key) => answer(createPage({ headers: once(key), body: body as PageInput })),
  change: (id, revision, body) =>
    answer(updatePage({ path: { item_id: id }, headers: ifMatch(revision), body })),
  bulk: (body) => answer(bulkPages({ body })),
  apply: async (verb, id, revision, at) => {
    const call = { path: { item_id: id }, headers: ifMatch(revision) };
    if (verb === 'publish') return answer(publishPage({ ...call, body: { at } }));
    if (verb === 'unpublish') return answer(unpublishPage({ ...call, body: { at } }));
    if (verb === 'discard') return answer(discardPageDraft(call));
    if (verb === 'trash') return answer(trashPage(call));
    if (verb === 'restore') return answer(restorePage(call));
    await answer(purgePage(call));
    return null;
  },
};

export const projects: Desk<ProjectAdmin, ProjectAdminSummary> = {
  name: 'projects',
  list: (filter) => answer(listAdminProjects({ query: queryOf(filter) })),
  load: (id) => answer(getAdminProject({ path: { item_id: id } })),
  start: (body, key) => answer(createProject({ headers: once(key), body: body as ProjectInput })),
  change: (id, revision, body) =>
    answer(updateProject({ path: { item_id: id }, headers: ifMatch(revision), body })),
  bulk: (body) => answer(bulkProjects({ body })),
  apply: async (verb, id, revision, at) => {
    const call = { path: { item_id: id }, headers: ifMatch(revision) };
    if (verb === 'publish') return answer(publishProject({ ...call, body: { at } }));
    if (verb === 'unpublish') return answer(unpublishProject({ ...call, body: { at } }));
    if (verb === 'discard') return answer(discardProjectDraft(call));
    if (verb === 'trash') return answer(trashProject(call));
    if (verb === 'restore') return answer(restoreProject(call));
    await answer(purgeProject(call));
    return null;
  },
};

export const bulkOfArticles: Bulker = (body) => answer(bulkArticles({ body }));
