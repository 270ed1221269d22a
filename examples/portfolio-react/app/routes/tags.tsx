import { listSeries, listTags } from '@lontar/client';
import { Link } from 'react-router';

import { api, given, site } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import type { Route } from './+types/tags';

async function load({ request }: { request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const [tags, series] = await Promise.all([
    given(listTags({ client: api, query: { limit: 100 } })),
    given(listSeries({ client: api, query: { limit: 100 } })),
  ]);
  return { ...chromeOf(settings, lang, '/tags'), tags: tags.items, series: series.items };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang } = loaderData;
  const path = prefixed('/tags', lang, settings);
  return headOf(loaderData, {
    title: TEXTS[lang].tags,
    path,
    jsonLd: breadcrumbs(loaderData, [TEXTS[lang].tags, path]),
  });
}

export default function Tags({ loaderData }: Route.ComponentProps) {
  const { site: settings, lang, tags, series } = loaderData;
  const texts = TEXTS[lang];
  return (
    <div className="column wide">
      <header className="title-block">
        <h1>{texts.tags}</h1>
      </header>
      {series.length > 0 && (
        <section aria-labelledby="series">
          <h2 id="series" className="small-head">
            {texts.series}
          </h2>
          <ul className="projects">
            {series.map(({ slug, title, description, articles_count: count }) => (
              <li key={slug} className="project">
                <h3 className="project-title">
                  <Link to={prefixed(`/series/${slug}`, lang, settings)}>{title}</Link>
                </h3>
                <p>{description}</p>
                <p className="meta">{texts.count(count)}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="tags">
        <h2 id="tags" className="small-head">
          {texts.tags}
        </h2>
        <ul className="index">
          {tags.map(({ slug, name, articles_count: count }) => (
            <li key={slug}>
              <Link to={prefixed(`/tags/${slug}`, lang, settings)}>{name}</Link> <span className="quiet">{count}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
