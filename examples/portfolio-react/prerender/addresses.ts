/** Every address that is written as a file: asked of the CMS when the site is built. */
import {
  createClient,
  createConfig,
  listArticles,
  listPages,
  listProfiles,
  listProjects,
  listSeries,
  listTags,
  getSite,
} from '@lontar/client';

import { LANGUAGES, PAGE_SIZE, pathOf, prefixed, spoken } from '../app/lib/paths.ts';

/** A kind that the CMS has nothing of yet; React Router refuses a loader that no address uses. */
export const NOTHING = '-';

const client = createClient(
  createConfig({ baseUrl: process.env.LONTAR_API ?? 'http://127.0.0.1:8000' }),
);

interface Listed<T> {
  data?: { items: T[]; page: { next: string | null } };
}

/** All items of a list, cursor after cursor. */
async function all<T>(list: (query: { limit: number; cursor?: string }) => Promise<Listed<T>>): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null | undefined;
  do {
    const { data } = await list({ limit: 100, ...(cursor ? { cursor } : {}) });
    found.push(...(data?.items ?? []));
    cursor = data?.page.next;
  } while (cursor);
  return found;
}

export async function addresses(): Promise<string[]> {
  const asked = { client, throwOnError: true } as const;
  const { data: site } = await getSite(asked);
  const [articles, projects, pages, profiles, tags, series] = await Promise.all([
    all((query) => listArticles({ ...asked, query: { ...query, fields: 'lang,url' } })),
    all((query) => listProjects({ ...asked, query })),
    all((query) => listPages({ ...asked, query })),
    all((query) => listProfiles({ ...asked, query })),
    all((query) => listTags({ ...asked, query })),
    all((query) => listSeries({ ...asked, query })),
  ]);
  const found = new Set(['/preview', ...LANGUAGES.map((lang) => `/${lang}`)]);
  for (const lang of LANGUAGES.filter((known) => known === spoken(undefined, site) || site.languages.includes(known))) {
    const at = (path: string) => found.add(prefixed(path, lang, site));
    for (const path of ['/', '/articles', '/projects', '/tags', '/authors', '/contact', '/search']) at(path);
    const count = Math.ceil(articles.filter((item) => item.lang === lang).length / PAGE_SIZE);
    for (let number = 1; number <= Math.max(count, 1); number += 1) at(`/articles/page/${number}`);
    for (const { slug } of tags) at(`/tags/${slug}`);
    for (const { slug } of series) at(`/series/${slug}`);
  }
  for (const item of [...articles, ...projects, ...pages, ...profiles]) {
    if (item.url) found.add(pathOf(item.url));
  }
  const kinds = { '/articles/': articles, '/projects/': projects, '/': pages, '/authors/': profiles, '/tags/': tags };
  for (const [path, items] of Object.entries({ ...kinds, '/series/': series })) {
    if (items.length === 0) found.add(path + NOTHING);
  }
  return [...found];
}
