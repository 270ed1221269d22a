import { getTag, listArticles } from '@lontar/client';

import { api, asked, given, site, whole } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { fresh } from '~/lib/fresh';
import { breadcrumbs, emptyHead, headOf } from '~/lib/head';
import { langOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { ArticleList } from '~/ui/article-list';
import { Nothing } from '~/ui/nothing';
import type { Route } from './+types/tag';

async function load({ params, request }: { params: { slug?: string }; request: Request }) {
  const settings = await site();
  const lang = langOf(new URL(request.url).pathname, settings);
  const slug = params.slug ?? '';
  const tag = await asked(getTag({ client: api, path: { slug } }));
  if (!tag) return null;
  const list = await given(listArticles({ client: api, query: { lang, tag: slug, limit: 100 } }));
  return { ...chromeOf(settings, lang, `/tags/${slug}`), tag, items: whole(list.items) };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang, tag } = loaderData;
  const at = (path: string) => prefixed(path, lang, settings);
  return headOf(loaderData, {
    title: tag.name,
    description: tag.description,
    path: at(`/tags/${tag.slug}`),
    jsonLd: breadcrumbs(loaderData, [TEXTS[lang].tags, at('/tags')], [tag.name, at(`/tags/${tag.slug}`)]),
  });
}

export default function Tag({ loaderData }: Route.ComponentProps) {
  if (!loaderData) return <Nothing />;
  const { site: settings, lang, tag, items } = loaderData;
  return (
    <div className="column wide">
      <header className="title-block">
        <p className="kicker">{TEXTS[lang].taggedWith}</p>
        <h1>{tag.name}</h1>
        {tag.description && <p className="lead">{tag.description}</p>}
      </header>
      <ArticleList items={items} lang={lang} timeZone={settings.time_zone} />
    </div>
  );
}
