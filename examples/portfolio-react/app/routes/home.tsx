import { listArticles, listProfiles, listProjects } from '@lontar/client';
import { Link } from 'react-router';

import { api, given, site, whole } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { emptyHead, headOf } from '~/lib/head';
import { langOf, pathOf, prefixed, spoken } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { ArticleList } from '~/ui/article-list';
import { Day } from '~/ui/day';
import { Picture } from '~/ui/picture';
import { ProjectList } from '~/ui/project-list';
import type { Route } from './+types/home';

const LATEST = 6;

async function load({ request }: { request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const [latest, chosen, projects, people] = await Promise.all([
    given(listArticles({ client: api, query: { lang, limit: LATEST + 1 } })),
    given(listArticles({ client: api, query: { lang, featured: true, limit: 1 } })),
    given(listProjects({ client: api, query: { featured: true, limit: 4 } })),
    given(listProfiles({ client: api, query: { limit: 4 } })),
  ]);
  const featured = whole(chosen.items)[0] ?? null;
  return {
    ...chromeOf(settings, lang, '/'),
    featured,
    latest: whole(latest.items).filter((item) => item.slug !== featured?.slug).slice(0, LATEST),
    projects: projects.items,
    people: people.items,
  };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang } = loaderData;
  return headOf(loaderData, {
    title: settings.title,
    description: settings.description,
    path: prefixed('/', lang, settings),
    // Another language than the site's own: an address that exists, and nobody needs.
    isHidden: lang !== spoken(undefined, settings) && !settings.languages.includes(lang),
    jsonLd: {
      '@context': 'https://schema.org',
      '@type': 'WebSite',
      name: settings.title,
      description: settings.description,
      url: `${settings.url}/`,
      inLanguage: settings.languages,
    },
  });
}

export default function Home({ loaderData }: Route.ComponentProps) {
  const { site: settings, lang, featured, latest, projects, people } = loaderData;
  const texts = TEXTS[lang];
  const timeZone = settings.time_zone;
  return (
    <div className="column wide home">
      <section className="welcome">
        <h1>{settings.title}</h1>
        <p className="lead">{settings.description}</p>
        <ul className="people" aria-label={texts.writtenBy}>
          {people.map(({ slug, name, headline, avatar, url, lang: spoken }) => (
            <li key={slug}>
              <Link to={pathOf(url)}>
                {avatar && <Picture image={avatar} sizes="48px" className="face" isDecorative isFirst />}
                <span>
                  <strong>{name}</strong>
                  <span lang={spoken}>{headline}</span>
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      {featured && (
        <section className="featured" aria-labelledby="featured">
          {featured.cover && (
            <Picture image={featured.cover} sizes="(min-width: 60rem) 34rem, 100vw" isDecorative isFirst />
          )}
          <div>
            <p className="kicker">{texts.featured}</p>
            <h2 id="featured" className="featured-title">
              <Link to={pathOf(featured.url)}>{featured.title}</Link>
            </h2>
            <p>{featured.excerpt}</p>
            <p className="meta">
              <Day moment={featured.published_at} lang={lang} timeZone={timeZone} />
              <span>{texts.minutes(featured.reading_minutes)}</span>
            </p>
          </div>
        </section>
      )}
      <section aria-labelledby="latest">
        <div className="section-head">
          <h2 id="latest">{texts.latest}</h2>
          <Link to={prefixed('/articles', lang, settings)}>{texts.allArticles}</Link>
        </div>
        <ArticleList items={latest} lang={lang} timeZone={timeZone} level={3} />
      </section>
      {projects.length > 0 && (
        <section aria-labelledby="projects">
          <div className="section-head">
            <h2 id="projects">{texts.selectedProjects}</h2>
            <Link to={prefixed('/projects', lang, settings)}>{texts.allProjects}</Link>
          </div>
          <ProjectList items={projects} lang={lang} level={3} />
        </section>
      )}
    </div>
  );
}
