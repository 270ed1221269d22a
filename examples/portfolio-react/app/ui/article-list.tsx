import type { ArticleSummary } from '@lontar/client';
import { Link } from 'react-router';

import { pathOf, type Lang } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';

import { Day } from './day';

type Listed = Pick<ArticleSummary, 'slug' | 'lang' | 'title' | 'excerpt' | 'published_at' | 'reading_minutes' | 'url'>;

interface Props {
  items: Listed[];
  lang: Lang;
  timeZone: string;
  /** The level of a title: one below the heading that stands over the list. */
  level?: 2 | 3;
}

export function ArticleList({ items, lang, timeZone, level = 2 }: Props) {
  const Title = `h${level}` as const;
  const texts = TEXTS[lang];
  if (items.length === 0) return <p className="quiet">{texts.noArticles}</p>;
  return (
    <ol className="entries">
      {items.map((item) => (
        <li key={item.slug} className="entry">
          <article lang={item.lang === lang ? undefined : item.lang}>
            <p className="meta">
              <Day moment={item.published_at} lang={lang} timeZone={timeZone} />
              <span>{texts.minutes(item.reading_minutes)}</span>
            </p>
            <Title className="entry-title">
              <Link to={pathOf(item.url)}>{item.title}</Link>
            </Title>
            <p className="entry-text">{item.excerpt}</p>
          </article>
        </li>
      ))}
    </ol>
  );
}
