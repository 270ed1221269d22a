import { getProfile, listArticles } from '@lontar/client';

import { api, asked, given, site, whole } from '~/lib/api';
import { inTexts } from '~/lib/fonts';
import { fresh } from '~/lib/fresh';
import { emptyHead, headOf } from '~/lib/head';
import { pathOf, spoken } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import { ArticleList } from '~/ui/article-list';
import { Nothing } from '~/ui/nothing';
import { Picture } from '~/ui/picture';
import { Prose } from '~/ui/prose';
import { Stations } from '~/ui/stations';
import type { Route } from './+types/author';
import { TEXTS as OWN } from './author.texts';

async function load({ params }: { params: { slug?: string } }) {
  const settings = await site();
  const slug = params.slug ?? '';
  const profile = await asked(getProfile({ client: api, path: { slug } }));
  if (!profile) return null;
  const list = await given(listArticles({ client: api, query: { author: slug, limit: 10 } }));
  return { site: settings, lang: spoken(profile.lang, settings), elsewhere: {}, profile, items: whole(list.items) };
}

export const loader = load;
export const clientLoader = fresh(load);

export const links = () => inTexts;

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { profile } = loaderData;
  return headOf(loaderData, {
    title: profile.name,
    description: profile.headline,
    path: pathOf(profile.url),
    type: 'profile',
    image: profile.og_image,
    jsonLd: profile.json_ld,
  });
}

export default function Author({ loaderData }: Route.ComponentProps) {
  if (!loaderData) return <Nothing />;
  const { site: settings, lang, profile, items } = loaderData;
  const texts = { ...TEXTS[lang], ...OWN[lang] };
  return (
    <div className="column wide" lang={profile.lang}>
      <header className="title-block person">
        {profile.avatar && <Picture image={profile.avatar} sizes="112px" className="face large" isFirst />}
        <div>
          <h1>{profile.name}</h1>
          <p className="lead">{profile.headline}</p>
          <p className="meta">
            {profile.location && <span>{profile.location}</span>}
            {profile.since && <span>{texts.since(profile.since)}</span>}
          </p>
          <ul className="tags" aria-label={texts.opensElsewhere}>
            {profile.links.map(({ url, label, kind }) => (
              <li key={url}>
                <a href={url} rel="me">
                  {label || kind}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </header>
      <div className="cv">
        <Prose html={profile.bio_html} />
        <dl className="skills" aria-label={texts.skills}>
          {profile.skills.map(({ name, keywords }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{keywords.join(', ')}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Stations title={texts.experience} id="experience" lang={lang} items={profile.experience} />
      <Stations
        title={texts.education}
        id="education"
        lang={lang}
        items={profile.education.map(({ organisation, degree, area, start, end, url }) => ({
          ...{ organisation, start, end, url, summary: '' },
          role: [degree, area].filter(Boolean).join(', '),
        }))}
      />
      <Stations
        title={texts.talks}
        id="talks"
        lang={lang}
        items={profile.talks.map(({ title, event, date, url, summary }) => ({
          ...{ role: title, organisation: event, url, summary },
          ...{ start: date, end: date },
        }))}
      />
      {items.length > 0 && (
        <section aria-labelledby="articles">
          <h2 id="articles" className="small-head">
            {texts.articlesBy(profile.name)}
          </h2>
          <ArticleList items={items} lang={lang} timeZone={settings.time_zone} level={3} />
        </section>
      )}
    </div>
  );
}
