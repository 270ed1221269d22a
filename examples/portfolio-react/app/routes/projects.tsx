import { listProjects } from '@lontar/client';

import { api, given, site } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { ProjectList } from '~/ui/project-list';
import type { Route } from './+types/projects';

async function load({ request }: { request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const list = await given(listProjects({ client: api, query: { limit: 100 } }));
  return { ...chromeOf(settings, lang, '/projects'), items: list.items };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang } = loaderData;
  const path = prefixed('/projects', lang, settings);
  return headOf(loaderData, {
    title: TEXTS[lang].projects,
    path,
    jsonLd: breadcrumbs(loaderData, [TEXTS[lang].projects, path]),
  });
}

export default function Projects({ loaderData }: Route.ComponentProps) {
  const { lang, items } = loaderData;
  return (
    <div className="column wide">
      <header className="title-block">
        <h1>{TEXTS[lang].projects}</h1>
      </header>
      <ProjectList items={items} lang={lang} />
    </div>
  );
}
