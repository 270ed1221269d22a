/** What stands in a page's head: names, languages, feeds, and what machines read. */
import type { Image } from '@lontar/client';
import type { MetaDescriptor } from 'react-router';

import type { Chrome } from './chrome';
import { pathOf } from './paths';
import { TEXTS } from './texts';

interface Told {
  title: string;
  description?: string;
  /** Its path on this site. */
  path: string;
  /** Where search engines shall look, if not there. */
  canonical?: string | null;
  type?: 'website' | 'article' | 'profile';
  image?: Image | null;
  jsonLd?: Record<string, unknown>;
  isHidden?: boolean;
}

export function headOf(chrome: Chrome | null | undefined, told: Told): MetaDescriptor[] {
  if (!chrome) return [{ title: told.title }, { name: 'robots', content: 'noindex' }];
  const { site, lang, elsewhere } = chrome;
  const absolute = (path: string) => new URL(path, site.url).href;
  const here = told.canonical ?? absolute(told.path);
  const isHome = told.title === site.title;
  const title = isHome ? site.title : `${told.title}${site.seo.title_suffix ?? ''}`;
  const description = told.description || site.seo.description || site.description;
  const found: MetaDescriptor[] = [
    { title },
    { name: 'description', content: description },
    { property: 'og:site_name', content: site.title },
    { property: 'og:title', content: told.title },
    { property: 'og:description', content: description },
    { property: 'og:type', content: told.type ?? 'website' },
    { property: 'og:locale', content: lang },
    { property: 'og:url', content: here },
  ];
  if (told.isHidden) return [...found, { name: 'robots', content: 'noindex' }];
  found.push({ tagName: 'link', rel: 'canonical', href: here });
  const languages = Object.entries({ [lang]: told.path, ...elsewhere });
  if (languages.length > 1) {
    const main = site.languages[0] ?? lang;
    for (const [hrefLang, path] of languages) {
      if (path) found.push({ tagName: 'link', rel: 'alternate', hrefLang, href: absolute(path) });
    }
    const fallback = Object.fromEntries(languages)[main];
    if (fallback) found.push({ tagName: 'link', rel: 'alternate', hrefLang: 'x-default', href: absolute(fallback) });
  }
  if (told.image) {
    found.push(
      { property: 'og:image', content: told.image.url },
      { property: 'og:image:alt', content: told.image.alt },
      { name: 'twitter:card', content: 'summary_large_image' },
    );
  }
  if (told.jsonLd) found.push({ 'script:ld+json': told.jsonLd as never });
  return found;
}

/** The head of an address that has nothing. */
export function emptyHead(lang: Chrome['lang'] = 'en'): MetaDescriptor[] {
  return headOf(null, { title: TEXTS[lang].notFound, path: '/' });
}

/** A list of links as schema.org's `BreadcrumbList` below the front page. */
export function breadcrumbs({ site }: Chrome, ...steps: [name: string, url: string][]): Record<string, unknown> {
  const all: [string, string][] = [[site.title, '/'], ...steps];
  return {
    '@context': 'https://schema.org',
    '@type': 'BreadcrumbList',
    itemListElement: all.map(([name, url], index) => ({
      '@type': 'ListItem',
      position: index + 1,
      name,
      item: new URL(pathOf(url), site.url).href,
    })),
  };
}
