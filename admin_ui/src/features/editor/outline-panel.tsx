/** The headings; each leads to its line. */
import { Text, UnstyledButton } from '@mantine/core';
import { useDeferredValue, useMemo } from 'react';

import { useTexts } from '~/ui/texts';

import { checkTexts } from './check-texts';
import { headingsOf } from './outline';
import classes from './side-panel.module.css';

interface Props {
  markdown: string;
  onLine: (line: number) => void;
}

export function OutlinePanel({ markdown, onLine }: Props) {
  const t = useTexts(checkTexts);
  const settled = useDeferredValue(markdown);
  const headings = useMemo(() => headingsOf(settled), [settled]);
  if (headings.length === 0) return <Text c="dimmed">{t('outlineNone')}</Text>;
  return (
    <ul className={classes.list}>
      {headings.map(({ level, title, line }) => (
        <li key={line}>
          <UnstyledButton className={classes.row} data-level={level} onClick={() => onLine(line)}>
            {title}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
