import type { Shown } from '~/lib/items';
import { TEXTS } from '~/lib/texts';

import { DraftNote } from './draft-note';
import { Picture } from './picture';
import { years } from './project-list';
import { Prose } from './prose';

export function ProjectView({ shown }: { shown: Shown<'project'> }) {
  const { item, lang, isDraft } = shown;
  const texts = TEXTS[lang];
  return (
    <div className="column wide reading">
      <article className="text" lang={item.lang}>
        {isDraft && <DraftNote lang={lang} />}
        <header className="title-block">
          <p className="kicker">
            {texts.status[item.status]} · {years(item, lang)}
          </p>
          <h1>{item.title}</h1>
          <p className="lead">{item.summary}</p>
          <p className="meta">
            {item.role && <span>{item.role}</span>}
            <span>{item.technologies.join(', ')}</span>
          </p>
          {item.links.length > 0 && (
            <ul className="tags" aria-label={texts.opensElsewhere}>
              {item.links.map(({ kind, url }) => (
                <li key={url}>
                  <a href={url}>{kind.replace('_', ' ')}</a>
                </li>
              ))}
            </ul>
          )}
        </header>
        {item.cover && <Picture image={item.cover} sizes="(min-width: 48rem) 44rem, 100vw" className="cover" isFirst />}
        <Prose html={item.html} />
        {item.gallery.map((image) => (
          <Picture key={image.id} image={image} sizes="(min-width: 48rem) 44rem, 100vw" className="cover" />
        ))}
      </article>
    </div>
  );
}
