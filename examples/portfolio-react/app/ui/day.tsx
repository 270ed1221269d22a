import type { Lang } from '~/lib/paths';
import { dateOf } from '~/lib/texts';

export function Day({ moment, lang, timeZone }: { moment: string; lang: Lang; timeZone: string }) {
  return <time dateTime={moment}>{dateOf(moment, lang, timeZone)}</time>;
}
