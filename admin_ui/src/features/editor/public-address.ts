/** Where readers find something, by the site's patterns. */
import type { SiteAdmin } from '~/data/site';

type Patterns = Pick<SiteAdmin, 'url' | 'url_patterns'>;
export type Kind = 'article' | 'page' | 'project';

const USUAL: Record<Kind, string> = {
  article: '/articles/{slug}',
  page: '/{slug}',
  project: '/projects/{slug}',
};

export function publicAddress(
  site: Patterns,
  { slug, lang }: { slug: string; lang: string },
  kind: Kind = 'article',
): string {
  const patterns = site.url_patterns[kind] ?? {};
  const pattern = patterns[lang] ?? patterns['*'] ?? USUAL[kind];
  return site.url + pattern.replaceAll('{slug}', slug).replaceAll('{lang}', lang);
}

/** The same without the host, so that a link survives a move to another one. */
export function publicPath(site: Patterns, place: { slug: string; lang: string }, kind: Kind): string {
  return new URL(publicAddress(site, place, kind)).pathname;
}
