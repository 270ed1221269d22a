/** One field of a difference: long texts by their words, others before and after. */
import type { Difference } from '~/data/article-past';
import { useTexts } from '~/ui/texts';

import classes from './field-change.module.css';
import { historyTexts } from './history-texts';
import { settingTexts } from './setting-texts';

type Change = Difference['fields'][number];

/** What stayed is shown as far as it helps to see where a change is. */
const AROUND = 140;

function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= AROUND * 2 + 40) return text;
  const [start, end] = [text.slice(0, AROUND), text.slice(-AROUND)];
  if (isFirst) return `…${end}`;
  return isLast ? `${start}…` : `${start}\n…\n${end}`;
}

function said(value: unknown, empty: string): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return empty;
  if (Array.isArray(value)) return value.map(String).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function FieldChange({ change }: { change: Change }) {
  const t = useTexts(historyTexts);
  const st = useTexts(settingTexts);
  const { field, words, before, after } = change;
  const label = field in settingTexts.en ? st(field as keyof typeof settingTexts.en) : field;
  const last = (words?.length ?? 0) - 1;
  return (
    <section aria-label={label}>
      <h3 className={classes.head}>{label}</h3>
      {words ? (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        <div className={classes.text} tabIndex={0} role="group" aria-label={label}>
          {words.map(({ op, text }, index) => {
            if (op === 'insert') return <ins key={index}>{text}</ins>;
            if (op === 'delete') return <del key={index}>{text}</del>;
            return <span key={index}>{shortened(text, index === 0, index === last)}</span>;
          })}
        </div>
      ) : (
        <dl className={classes.pair}>
          <dt>{t('before')}</dt>
          <dd>{said(before, t('empty'))}</dd>
          <dt>{t('after')}</dt>
          <dd>{said(after, t('empty'))}</dd>
        </dl>
      )}
    </section>
  );
}
