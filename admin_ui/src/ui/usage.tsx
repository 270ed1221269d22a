/** What refers to a thing: how much, how much of it readers see, and the first few by name. */
import { RecordLink } from './record-link';
import { PLACES } from './places-of-kinds';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';
import classes from './usage.module.css';

export interface Uses {
  count: number;
  published: number;
  examples: { kind: string; id: string; title: string }[];
}

export function Usage({ uses }: { uses: Uses }) {
  const t = useTexts(recordTexts);
  if (uses.count === 0) return <p className={classes.words}>{t('unused')}</p>;
  return (
    <div>
      <p className={classes.words}>
        {t('used', { n: uses.count })}
        {uses.published > 0 && `, ${t('usedPublic', { n: uses.published })}`}
      </p>
      <ul className={classes.list}>
        {uses.examples.map(({ kind, id, title }) => (
          <li key={`${kind}-${id}`}>
            {PLACES[kind] ? (
              <RecordLink path={PLACES[kind]} id={id}>
                {title || t('untitled')}
              </RecordLink>
            ) : (
              title || kind
            )}
          </li>
        ))}
      </ul>
      {uses.count > uses.examples.length && (
        <p className={classes.words}>{t('andMore', { n: uses.count - uses.examples.length })}</p>
      )}
    </div>
  );
}
