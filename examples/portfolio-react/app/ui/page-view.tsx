import type { Shown } from '~/lib/items';
import { TEXTS } from '~/lib/texts';

import { Contents } from './contents';
import { DraftNote } from './draft-note';
import { Prose } from './prose';

export function PageView({ shown }: { shown: Shown<'page'> }) {
  const { item, lang, isDraft } = shown;
  return (
    <div className="column wide reading">
      <article className="text" lang={item.lang}>
        {isDraft && <DraftNote lang={lang} />}
        <header className="title-block">
          <h1>{item.title}</h1>
        </header>
        <Contents entries={item.toc} label={TEXTS[lang].contents} />
        <Prose html={item.html} />
      </article>
    </div>
  );
}
