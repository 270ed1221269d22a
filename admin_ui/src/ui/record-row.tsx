/** One thing in a list: its name first, the rest quietly below. The whole row is one link. */
import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';

import { RecordLink } from './record-link';
import type { RecordPath } from './record-link';
import classes from './record-row.module.css';
import { recordTexts } from './record-texts';
import { useTexts } from './texts';

interface Props {
  path: RecordPath;
  id: string;
  title: string;
  lang?: string;
  mark?: ReactNode;
  badge?: ReactNode;
  /** Short facts; what is empty is left out. */
  meta: readonly ReactNode[];
  choice?: { isChosen: boolean; onChoose: (isChosen: boolean) => void } | undefined;
}

export function RecordRow({ path, id, title, lang, mark, badge, meta, choice }: Props) {
  const t = useTexts(recordTexts);
  const name = title || t('untitled');
  return (
    <li className={classes.row} data-chosen={choice?.isChosen || undefined}>
      {choice && (
        <Checkbox
          size="xs"
          className={classes.choice}
          aria-label={t('choose', { title: name })}
          checked={choice.isChosen}
          onChange={(event) => choice.onChoose(event.currentTarget.checked)}
        />
      )}
      <RecordLink path={path} id={id} className={classes.link}>
        <span className={classes.title} lang={lang} dir="auto">
          {name}
          {mark}
        </span>
        <span className={classes.badge}>{badge}</span>
        <span className={classes.meta}>
          {meta
            .filter((fact) => fact !== null && fact !== false && fact !== '' && fact !== undefined)
            .map((fact, index) => (
              <span key={index}>{fact}</span>
            ))}
        </span>
      </RecordLink>
    </li>
  );
}
