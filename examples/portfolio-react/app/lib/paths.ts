/** Addresses of this site: lists stand below their language, items where the CMS says they are. */
import type { Site } from '@lontar/client';

/** The languages that the interface speaks; the site's own come from the CMS. */
export const LANGUAGES = ['id', 'en'] as const;
export type Lang = (typeof LANGUAGES)[number];

export const PAGE_SIZE = 15;

export function isSpoken(lang: string | undefined): lang is Lang {
  return LANGUAGES.some((known) => known === lang);
}

/** The interface's language for content in any language. */
export function spoken(lang: string | undefined, site: Pick<Site, 'languages'> | null): Lang {
  return [lang, site?.languages[0]].find(isSpoken) ?? 'en';
}

/** The language that a list's address asks for: `/en/articles`, and the main one without a prefix. */
export function langOf(pathname: string, site: Pick<Site, 'languages'> | null): Lang {
  return spoken(pathname.split('/')[1], site);
}

/** `/articles` in a language: the site's main one has no prefix. */
export function prefixed(path: string, lang: string, site: Pick<Site, 'languages'> | null): string {
  if (lang === spoken(undefined, site)) return path;
  return path === '/' ? `/${lang}` : `/${lang}${path}`;
}

/** An item's address without its origin: the same site on another host links to itself. */
export function pathOf(url: string): string {
  return new URL(url, 'http://localhost').pathname;
}
