import { listArticles } from '@lontar/client';
import { Link } from 'react-router';

import { api, given, site, whole } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, PAGE_SIZE, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { ArticleList } from '~/ui/article-list';
import type { Route } from './+types/articles';

/** The first page is the list's own address; the others can be read without JavaScript as well. */
function address(number: number): string {
  return number === 1 ? '/articles' : `/articles/page/${number}`;
}

async function load({ params, request }: { params: { number?: string }; request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const number = Math.min(Math.max(Number.parseInt(params.number ?? '1', 10) || 1, 1), 100);
  const list = await given(listArticles({ client: api, query: { lang, page: number, limit: PAGE_SIZE } }));
  // Languages have more or fewer pages: the other one is entered by its first.
  return { ...chromeOf(settings, lang, '/articles'), items: whole(list.items), number, hasOlder: list.page.next !== null };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang, number, elsewhere } = loaderData;
  const texts = TEXTS[lang];
  const path = prefixed(address(number), lang, settings);
  return headOf(
    { ...loaderData, elsewhere: number === 1 ? elsewhere : {} },
    {
      title: number === 1 ? texts.articles : `${texts.articles}, ${texts.page(number)}`,
      path,
      jsonLd: breadcrumbs(loaderData, [texts.articles, path]),
    },
  );
}

export default function Articles({ loaderData }: Route.ComponentProps) {
  const { site: settings, lang, items, number, hasOlder } = loaderData;
  const texts = TEXTS[lang];
  return (
    <div className="column wide">
      <header className="title-block">
        <h1>{texts.articles}</h1>
        {number > 1 && <p className="lead">{texts.page(number)}</p>}
      </header>
      <ArticleList items={items} lang={lang} timeZone={settings.time_zone} />
      <nav className="pager" aria-label={texts.page(number)}>
        {number > 1 && (
          <Link rel="prev" to={prefixed(address(number - 1), lang, settings)}>
            ← {texts.newer}
          </Link>
        )}
        {hasOlder && (
          <Link rel="next" to={prefixed(address(number + 1), lang, settings)}>
            {texts.older} →
          </Link>
        )}
      </nav>
    </div>
  );
}
