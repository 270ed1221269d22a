import type { Site } from '@lontar/client';
import { Link, useLocation } from 'react-router';

import { useChrome } from '~/lib/chrome';
import { isSpoken, LANGUAGES, prefixed, type Lang } from '~/lib/paths';
import type { Texts } from '~/lib/texts';

import { SearchIcon } from './icons';
import { ThemeButton } from './theme-button';

const LISTS = ['articles', 'projects', 'tags', 'authors', 'contact'] as const;

/** The site's own navigation; lists that this frontend knows are named and linked in its language. */
function entries(site: Site, lang: Lang, texts: Texts): { label: string; url: string }[] {
  const contact = { label: texts.contact, url: '/contact' };
  return [...site.navigation, contact]
    .filter(({ url }) => url !== '/' && !isSpoken(url.split('/')[1]))
    .map(({ label, url }) => {
      const list = LISTS.find((name) => url === `/${name}`);
      return list ? { label: texts[list], url: prefixed(url, lang, site) } : { label, url };
    });
}

export function Header() {
  const { pathname } = useLocation();
  // A list and what stands below it.
  const current = (url: string) => (pathname === url || pathname.startsWith(`${url}/`) ? 'page' : undefined);
  const { site, lang, elsewhere, texts } = useChrome();
  const others = LANGUAGES.filter((known) => known !== lang && site?.languages.includes(known));
  return (
    <header className="header">
      <div className="column wide header-rows">
        <Link className="site-name" to={prefixed('/', lang, site)}>
          {site?.title ?? texts.home}
        </Link>
        <div className="tools">
          {others.map((known) => (
            <Link
              key={known}
              className="tool-text"
              to={elsewhere[known] ?? prefixed('/', known, site)}
              lang={known}
              hrefLang={known}
              aria-label={`${known.toUpperCase()}, ${texts.language}`}
            >
              {known.toUpperCase()}
            </Link>
          ))}
          <Link className="tool" to={prefixed('/search', lang, site)} aria-label={texts.search}>
            <SearchIcon />
          </Link>
          <ThemeButton label={texts.theme} />
        </div>
        <nav className="menu" aria-label={texts.menu}>
          <ul>
            {site &&
              entries(site, lang, texts).map(({ label, url }) => (
                <li key={url}>
                  <Link to={url} aria-current={current(url)}>
                    {label}
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
      </div>
    </header>
  );
}
