import type { RedirectAdmin } from '~/data/redirects';
import { RecordRow } from '~/ui/record-row';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import classes from './redirect-row.module.css';
import { redirectTexts } from './texts';

export function RedirectRow({ redirect }: { redirect: RedirectAdmin }) {
  const t = useTexts(redirectTexts);
  const { ago } = useClock();
  const { id, from_path: from, to, status, updated_at: updatedAt } = redirect;
  const target = `${status} → ${to ?? t('toNothing')}`;
  if (id === null) {
    return (
      <li className={classes.automatic}>
        <span className={classes.from}>{from}</span>
        <span className={classes.meta}>
          {target} · {t('automaticShort')}
        </span>
      </li>
    );
  }
  return (
    <RecordRow
      path="/redirects/$id"
      id={id}
      title={from}
      meta={[target, updatedAt && t('updated', { when: ago(updatedAt) })]}
    />
  );
}
