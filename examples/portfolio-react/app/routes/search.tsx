import { searchSite, type SearchHit } from '@lontar/client';
import type { FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';

import { api, asked, isBuilding, site } from '~/lib/api';
import { chromeOf } from '~/lib/chrome';
import { textsOf } from '~/lib/forms';
import { fresh } from '~/lib/fresh';
import { emptyHead, headOf } from '~/lib/head';
import { langOf, pathOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';
import type { Route } from './+types/search';
import { TEXTS as OWN, type Texts } from './search.texts';

async function load({ request }: { request: Request }) {
  const settings = await site();
  const url = new URL(request.url);
  const lang = langOf(url.pathname, settings);
  const words = isBuilding ? '' : (url.searchParams.get('q')?.trim() ?? '');
  const found = words ? await asked(searchSite({ client: api, query: { q: words, limit: 30 } })) : null;
  return { ...chromeOf(settings, lang, '/search'), words, hits: found?.items ?? [] };
}

export const loader = load;
export const clientLoader = fresh(load);

export function meta({ loaderData }: Route.MetaArgs) {
  if (!loaderData) return emptyHead();
  const { site: settings, lang, words } = loaderData;
  const path = prefixed('/search', lang, settings);
  return headOf(loaderData, { title: TEXTS[lang].search, path, isHidden: words !== '' });
}

function Spans({ spans }: { spans: SearchHit['snippet'] }) {
  return spans.map(({ text, is_match: isMatch }, index) => (isMatch ? <mark key={index}>{text}</mark> : text));
}

function Hit({ hit, texts }: { hit: SearchHit; texts: Texts }) {
  return (
    <li className="entry">
      <article lang={hit.lang}>
        <p className="meta">{texts.kinds[hit.kind as keyof Texts['kinds']]}</p>
        <h2 className="entry-title">
          <Link to={pathOf(hit.url)}>
            <Spans spans={hit.title_spans} />
          </Link>
        </h2>
        <p className="entry-text">
          <Spans spans={hit.snippet} />
        </p>
      </article>
    </li>
  );
}

export default function Search({ loaderData }: Route.ComponentProps) {
  const { site: settings, lang, words, hits } = loaderData;
  const texts = { ...TEXTS[lang], ...OWN[lang] };
  const navigate = useNavigate();
  const here = prefixed('/search', lang, settings);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const q = textsOf(event.currentTarget)('q');
    void navigate(`${here}?${new URLSearchParams({ q })}`);
  }

  return (
    <div className="column wide">
      <header className="title-block">
        <h1>{texts.search}</h1>
        <form className="search" role="search" action={here} onSubmit={submit}>
          <input
            key={words}
            type="search"
            name="q"
            defaultValue={words}
            maxLength={100}
            aria-label={texts.searchLabel}
            required
          />
          <button className="button" type="submit">
            {texts.search}
          </button>
        </form>
        <p className="quiet" role="status">
          {words ? texts.found(hits.length, words) : texts.searchHint}
        </p>
        <noscript>
          <p className="quiet">{texts.needsScript}</p>
        </noscript>
      </header>
      <ol className="entries">
        {hits.map((hit) => (
          <Hit key={hit.id} hit={hit} texts={texts} />
        ))}
      </ol>
    </div>
  );
}
