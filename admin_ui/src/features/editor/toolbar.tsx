/** The marks as buttons: one stop for Tab, the arrows walk inside. */
import type { EditorView } from '@codemirror/view';
import { ActionIcon, Tooltip } from '@mantine/core';
import { memo, useState } from 'react';
import type { KeyboardEvent } from 'react';

import { useTexts } from '~/ui/texts';

import { act } from './mark-actions';
import type { Question } from './mark-actions';
import { MarkIcon } from './mark-icon';
import { markTexts } from './mark-texts';
import type { MarkName } from './mark-texts';
import classes from './toolbar.module.css';

const MARKS = [
  ['heading', 'bold', 'italic', 'code'],
  ['bullets', 'numbers', 'tasks', 'quote'],
  ['link', 'picture', 'table', 'footnote'],
] as const satisfies readonly MarkName[][];
const TABLE = ['addRow', 'addColumn', 'dropRow', 'dropColumn', 'align', 'tidy'] as const satisfies readonly MarkName[];

interface Props {
  view: EditorView | null;
  isInTable: boolean;
  onAsk: (question: Question) => void;
}

/** Drawn again for what it shows, and not for each letter of the text below it. */
export const Toolbar = memo(function Toolbar({ view, isInTable, onAsk }: Props) {
  const t = useTexts(markTexts);
  const groups: readonly (readonly MarkName[])[] = isInTable ? [...MARKS, TABLE] : MARKS;
  const names = groups.flat();
  const [current, setCurrent] = useState<MarkName>('heading');
  const stop = names.includes(current) ? current : 'heading';

  function walk(event: KeyboardEvent<HTMLElement>) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const end = { Home: 0, End: names.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    const next = end ?? (names.indexOf(stop) + step! + names.length) % names.length;
    setCurrent(names[next]!);
    event.currentTarget.querySelector<HTMLElement>(`[data-mark="${names[next]!}"]`)?.focus();
  }

  return (
    <div role="toolbar" aria-label={t('toolbar')} className={classes.bar} onKeyDown={walk}>
      {groups.map((group) => (
        <div key={group[0]} className={classes.group}>
          {group.map((name) => (
            <Tooltip key={name} label={t(name)}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={34}
                data-mark={name}
                aria-label={t(name)}
                tabIndex={name === stop ? 0 : -1}
                disabled={view === null}
                onFocus={() => setCurrent(name)}
                // The text keeps its selection and, on a phone, its keyboard.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => view && act(view, name, onAsk)}
              >
                <MarkIcon name={name} />
              </ActionIcon>
            </Tooltip>
          ))}
        </div>
      ))}
    </div>
  );
});
