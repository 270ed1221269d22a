/** What the frame around a page has to know of it. */
import type { Site } from '@lontar/client';
import { useLocation, useMatches } from 'react-router';

import { langOf, LANGUAGES, prefixed, type Lang } from './paths';
import { TEXTS, type Texts } from './texts';

export type Elsewhere = Partial<Record<string, string>>;

export interface Chrome {
  site: Site;
  lang: Lang;
  /** Where the same is found in other languages. */
  elsewhere: Elsewhere;
}

/** The frame of a list, which exists in every language of the site. */
export function chromeOf(site: Site, lang: Lang, path: string): Chrome {
  const spoken = LANGUAGES.filter((known) => known !== lang && site.languages.includes(known));
  return { site, lang, elsewhere: Object.fromEntries(spoken.map((known) => [known, prefixed(path, known, site)])) };
}

/** The frame of the page that is shown, and its texts; the site's settings are null until they came. */
export function useChrome(): Omit<Chrome, 'site'> & { site: Site | null; texts: Texts } {
  const { pathname } = useLocation();
  const told = useMatches()
    .map((match) => match.loaderData as Partial<Chrome> | null | undefined)
    .filter((data) => data !== null && data !== undefined);
  const site = told.findLast((data) => data.site)?.site ?? null;
  const page = told.findLast((data) => data.lang);
  const lang = page?.lang ?? langOf(pathname, site);
  return { site, lang, elsewhere: page?.elsewhere ?? {}, texts: TEXTS[lang] };
}
