import { listProfiles } from '@lontar/client';
import { Link } from 'react-router';

import { api, given, site } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, pathOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { Picture } from '~/ui/picture';
import type { Route } from './+types/authors';

async function load({ request }: { request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const list = await given(listProfiles({ client: api, query: { limit: 100 } }));
  return { ...chromeOf(settings, lang, '/authors'), people: list.items };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang } = loaderData;
  const path = prefixed('/authors', lang, settings);
  return headOf(loaderData, {
    title: TEXTS[lang].authors,
    path,
    jsonLd: breadcrumbs(loaderData, [TEXTS[lang].authors, path]),
  });
}

export default function Authors({ loaderData }: Route.ComponentProps) {
  const { lang, people } = loaderData;
  const texts = TEXTS[lang];
  return (
    <div className="column wide">
      <header className="title-block">
        <h1>{texts.authors}</h1>
      </header>
      <ul className="projects">
        {people.map((person) => (
          <li key={person.slug} className="project">
            {person.avatar && <Picture image={person.avatar} sizes="96px" className="face large" isDecorative isFirst />}
            <h2 className="project-title">
              <Link to={pathOf(person.url)}>{person.name}</Link>
            </h2>
            <p lang={person.lang}>{person.headline}</p>
            <p className="meta">
              {person.location && <span>{person.location}</span>}
              <span>{texts.count(person.articles_count)}</span>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
