/** Drafts by preview link: read from the address that the CMS opened, fetched past every cache. */
import type { Client } from './generated/client/index.js';
import { getArticle, getPage, getProject } from './generated/sdk.gen.js';
import type { Article, Problem, Project, SitePage } from './generated/types.gen.js';

const KINDS = ['article', 'page', 'project'] as const;

type Kind = (typeof KINDS)[number];

/** What a preview link names. The token opens this one draft; keep it out of logs and links. */
export interface PreviewLink {
  kind: Kind;
  slug: string;
  token: string;
}

export type Draft =
  | { kind: 'article'; item: Article }
  | { kind: 'page'; item: SitePage }
  | { kind: 'project'; item: Project };

/** The link is used up, revoked, or was never one; `problem` is the API's own answer. */
export class PreviewRefused extends Error {
  override readonly name = 'PreviewRefused';
  readonly status: number | undefined;
  readonly problem: Problem | undefined;

  constructor(status: number | undefined, problem: Problem | undefined, options?: ErrorOptions) {
    super(problem?.title ?? 'The preview could not be read.', options);
    this.status = status;
    this.problem = problem;
  }
}

/**
 * Reads `?preview=` from an address, with the `kind` and `slug` that the CMS puts beside it when the
 * site's settings name a preview URL. Without one, the link is the page's own address: say there
 * which item it is. Null where nothing is to be previewed.
 */
export function previewOf(
  address: string | URL,
  known?: Pick<PreviewLink, 'kind' | 'slug'>,
): PreviewLink | null {
  const told = new URL(address, 'http://localhost').searchParams;
  const token = told.get('preview');
  const kind = known?.kind ?? KINDS.find((name) => name === told.get('kind'));
  const slug = known?.slug ?? told.get('slug');
  return token && kind && slug ? { kind, slug, token } : null;
}

/** Fetches the draft: never from a cache, never into one, and without telling anyone the address. */
export async function readPreview(
  link: PreviewLink,
  options: { client?: Client; signal?: AbortSignal } = {},
): Promise<Draft> {
  const asked = {
    ...options,
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    throwOnError: false,
    path: { slug: link.slug },
    query: { preview: link.token },
  } as const;
  switch (link.kind) {
    case 'article':
      return { kind: 'article', item: given(await getArticle(asked)) };
    case 'page':
      return { kind: 'page', item: given(await getPage(asked)) };
    case 'project':
      return { kind: 'project', item: given(await getProject(asked)) };
  }
}

interface Answer<T> {
  data: T | undefined;
  error: unknown;
  response?: Response;
}

function given<T>({ data, error, response }: Answer<T>): T {
  if (data !== undefined) return data;
  const isProblem = typeof error === 'object' && error !== null && 'code' in error;
  throw new PreviewRefused(response?.status, isProblem ? (error as Problem) : undefined, { cause: error });
}
