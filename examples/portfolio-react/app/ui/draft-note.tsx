import type { Lang } from '~/lib/paths';
import { TEXTS } from '~/lib/texts';

export function DraftNote({ lang }: { lang: Lang }) {
  return (
    <p className="draft-note" role="status">
      {TEXTS[lang].draft}
    </p>
  );
}
