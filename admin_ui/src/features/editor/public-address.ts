/** Where readers find an article, by the site's patterns. */
import type { SiteAdmin } from '~/data/site';

type Patterns = Pick<SiteAdmin, 'url' | 'url_patterns'>;

export function publicAddress(site: Patterns, { slug, lang }: { slug: string; lang: string }): string {
  const patterns = site.url_patterns.article ?? {};
  const pattern = patterns[lang] ?? patterns['*'] ?? '/articles/{slug}';
  return site.url + pattern.replaceAll('{slug}', slug).replaceAll('{lang}', lang);
}
