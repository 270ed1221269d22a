/** One thing that somebody did, and what it changed. */
import { Button } from '@mantine/core';

import type { Audit } from '~/data/audit';
import { useListSearch } from '~/ui/list-search';
import { PLACES } from '~/ui/places-of-kinds';
import { RecordLink } from '~/ui/record-link';
import { useTexts } from '~/ui/texts';
import { useClock } from '~/ui/use-clock';

import classes from './audit-row.module.css';
import { auditTexts } from './texts';

// After these there is nothing to open.
const GONE = new Set(['purged', 'deleted', 'sender_erased']);

const shown = (value: unknown, nothing: string): string => {
  if (value === null || value === undefined || value === '') return nothing;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

export function AuditRow({ entry }: { entry: Audit }) {
  const t = useTexts(auditTexts);
  const { ago } = useClock();
  const [search, change] = useListSearch();
  const known = (name: string): name is keyof typeof auditTexts.en => name in auditTexts.en;
  const word = (prefix: 'verb' | 'kind', name: string) =>
    known(`${prefix}_${name}`) ? t(`${prefix}_${name}` as keyof typeof auditTexts.en) : name.replaceAll('_', ' ');
  const { kind, item_id: item, verb, title, by, at, door, revision, why, changes } = entry;
  // An invitation and a message have no name but what they are.
  const isInvitation = verb === 'invited' || verb === 'invitation_withdrawn';
  const named = kind === 'contact' ? '' : title;
  const name = isInvitation ? t('kind_invitation') : named || word('kind', kind);
  const path = GONE.has(verb) ? undefined : PLACES[kind];
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <strong>{by.name || t('nobody')}</strong> {word('verb', verb)}{' '}
        {path ? (
          <RecordLink path={path} id={item}>
            {name}
          </RecordLink>
        ) : (
          <em>{name}</em>
        )}
      </div>
      <div className={classes.meta}>
        <span>{ago(at)}</span>
        <span>{word('kind', kind)}</span>
        <span>{t(`door_${door}`)}</span>
        {revision > 0 && <span>{t('revision', { n: revision })}</span>}
        {why && <span>{why}</span>}
        {search.item !== item && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-label={`${t('only')}: ${name}`}
            onClick={() => change({ item })}
          >
            {t('only')}
          </Button>
        )}
      </div>
      {changes.length > 0 && (
        <details className={classes.changes}>
          <summary>{t('changes', { n: changes.length })}</summary>
          {/* Names and values as the API writes them. */}
          <dl translate="no">
            {changes.map(({ field, before, after }) => (
              <div key={field}>
                <dt>{field}</dt>
                <dd>
                  <del aria-label={t('before')}>{shown(before, t('nothing'))}</del>
                  <ins aria-label={t('after')}>{shown(after, t('nothing'))}</ins>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </li>
  );
}
