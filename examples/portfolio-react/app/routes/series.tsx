import { getSeries } from '@lontar/client';

import { api, asked, site } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { ArticleList } from '~/ui/article-list';
import { Nothing } from '~/ui/nothing';
import type { Route } from './+types/series';

async function load({ params, request }: { params: { slug?: string }; request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const slug = params.slug ?? '';
  const series = await asked(getSeries({ client: api, path: { slug } }));
  if (!series) return null;
  // A part may be there in one language only: better that one than a gap.
  const inLang = new Map(series.articles.map((article) => [article.position, article]));
  for (const article of series.articles) if (article.lang === lang) inLang.set(article.position, article);
  return { ...chromeOf(settings, lang, `/series/${slug}`), series, items: [...inLang.values()] };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang, series } = loaderData;
  const at = (path: string) => prefixed(path, lang, settings);
  return headOf(loaderData, {
    title: series.title,
    description: series.description,
    path: at(`/series/${series.slug}`),
    jsonLd: breadcrumbs(loaderData, [TEXTS[lang].tags, at('/tags')], [series.title, at(`/series/${series.slug}`)]),
  });
}

export default function Series({ loaderData }: Route.ComponentProps) {
  if (!loaderData) return <Nothing />;
  const { site: settings, lang, series, items } = loaderData;
  return (
    <div className="column wide">
      <header className="title-block">
        <p className="kicker">{TEXTS[lang].series}</p>
        <h1>{series.title}</h1>
        {series.description && <p className="lead">{series.description}</p>}
      </header>
      <ArticleList items={items} lang={lang} timeZone={settings.time_zone} />
    </div>
  );
}
