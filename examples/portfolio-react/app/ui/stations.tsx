import type { Lang } from '~/lib/paths';
import { monthOf, TEXTS } from '~/lib/texts';

interface Station {
  organisation: string;
  role: string;
  start: string | null;
  end: string | null;
  summary: string;
  url: string | null;
}

interface Props {
  title: string;
  id: string;
  lang: Lang;
  items: Station[];
}

function span({ start, end }: Station, lang: Lang): string {
  if (!start) return '';
  const from = monthOf(start, lang);
  if (start === end) return from;
  return `${from} – ${end ? monthOf(end, lang) : TEXTS[lang].present}`;
}

/** A part of somebody's working life, newest first. */
export function Stations({ title, id, lang, items }: Props) {
  if (items.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="small-head">
        {title}
      </h2>
      <ol className="entries">
        {items.map((item) => (
          <li key={`${item.organisation} ${item.role}`} className="entry">
            <p className="meta">{span(item, lang)}</p>
            <h3 className="entry-title plain">{item.role}</h3>
            <p className="entry-text">
              {item.url ? <a href={item.url}>{item.organisation}</a> : item.organisation}
            </p>
            {item.summary && <p className="entry-text">{item.summary}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
