/** Everything that can be put into a text by name; two of them ask something first. */
import type { StateCommand } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import { code } from './code-mark';
import { around } from './inline-marks';
import type { MarkName } from './mark-texts';
import { block, footnote, heading, lines } from './marks';
import { addColumn, addRow, align, dropColumn, dropRow, tidy } from './tables';

export type Question = 'link' | 'picture';

const ACTIONS: Partial<Record<MarkName, StateCommand>> = {
  addColumn,
  addRow,
  align,
  bold: around('**'),
  bullets: lines('bullets'),
  code,
  divider: block('---\n'),
  dropColumn,
  dropRow,
  footnote,
  h2: lines('h2'),
  h3: lines('h3'),
  h4: lines('h4'),
  heading,
  italic: around('*'),
  note: block(':::note\n‸\n:::'),
  numbers: lines('numbers'),
  quote: lines('quote'),
  table: block('| ‸    |     |\n| --- | --- |\n|     |     |'),
  tasks: lines('tasks'),
  tidy,
};

export const QUESTIONS: readonly string[] = ['link', 'picture'] satisfies Question[];

export function act(view: EditorView, name: MarkName, ask: (question: Question) => void): void {
  if (QUESTIONS.includes(name)) {
    ask(name as Question);
    return;
  }
  ACTIONS[name]?.(view);
  view.focus();
}
