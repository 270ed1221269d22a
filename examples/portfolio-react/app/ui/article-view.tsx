import { Link } from 'react-router';

import type { Shown } from '~/lib/items';
import { pathOf, prefixed } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';

import { ArticleList } from './article-list';
import { Byline } from './byline';
import { Contents } from './contents';
import { Day } from './day';
import { DraftNote } from './draft-note';
import { Neighbours } from './neighbours';
import { Picture } from './picture';
import { Prose } from './prose';
import { TagLinks } from './tag-links';

export function ArticleView({ shown }: { shown: Shown<'article'> }) {
  const { item, site, lang, isDraft } = shown;
  const texts = TEXTS[lang];
  const { series, translations, cover } = item;
  return (
    <div className="column wide reading">
      <article className="text" lang={item.lang}>
        {isDraft && <DraftNote lang={lang} />}
        <header className="title-block">
          {series && (
            <p className="kicker">
              {texts.partOf(series.position)}{' '}
              <Link to={prefixed(`/series/${series.slug}`, lang, site)}>{series.title}</Link>
            </p>
          )}
          <h1>{item.title}</h1>
          {item.excerpt && <p className="lead">{item.excerpt}</p>}
          <div className="title-foot">
            <Byline authors={item.authors} />
            <p className="meta">
              <Day moment={item.published_at} lang={lang} timeZone={site.time_zone} />
              <span>{texts.minutes(item.reading_minutes)}</span>
            </p>
          </div>
          {translations.length > 0 && (
            <p className="translations">
              {texts.alsoIn}{' '}
              {translations.map((other) => (
                <Link key={other.lang} to={pathOf(other.url)} hrefLang={other.lang}>
                  {nameOf(other.lang, lang)}
                </Link>
              ))}
            </p>
          )}
        </header>
        {cover && <Picture image={cover} sizes="(min-width: 48rem) 44rem, 100vw" className="cover" isFirst />}
        <Contents entries={item.toc} label={texts.contents} />
        <Prose html={item.html} />
        <TagLinks tags={item.tags} lang={lang} site={site} />
        <Neighbours
          label={series ? `${texts.series}: ${series.title}` : texts.moreArticles}
          before={
            item.series_previous
              ? { ...item.series_previous, label: texts.previousPart }
              : item.previous && { ...item.previous, label: texts.older }
          }
          after={
            item.series_next
              ? { ...item.series_next, label: texts.nextPart }
              : item.next && { ...item.next, label: texts.newer }
          }
        />
      </article>
      {item.related.length > 0 && (
        <section className="related" aria-labelledby="related">
          <h2 id="related">{texts.related}</h2>
          <ArticleList items={item.related} lang={lang} timeZone={site.time_zone} level={3} />
        </section>
      )}
    </div>
  );
}

/** A language by its name in the reader's: the same words in Node and in browsers. */
function nameOf(lang: string, reader: string): string {
  const names: Record<string, Record<string, string>> = {
    en: { id: 'Indonesian', en: 'English' },
    id: { id: 'bahasa Indonesia', en: 'bahasa Inggris' },
  };
  return names[reader]?.[lang] ?? lang;
}
