/** A text that something else than typing changed comes into the editor: what did not differ stays as it is. */
import { Annotation, Transaction } from '@codemirror/state';
import type { EditorView, ViewUpdate } from '@codemirror/view';

import { diffLines } from './diff';

interface Change {
  from: number;
  to: number;
  insert: string;
}

const isFromElsewhere = Annotation.define<boolean>();

/** Whether the text came from where it is stored: nobody typed it. */
export const hasArrived = ({ transactions }: ViewUpdate): boolean =>
  transactions.some((transaction) => transaction.annotation(isFromElsewhere));

/** Without what both begin and end with: a cursor in there stays where it is. */
function narrowed({ from, to, insert }: Change, removed: string): Change {
  const most = Math.min(removed.length, insert.length);
  let start = 0;
  while (start < most && removed[start] === insert[start]) start += 1;
  let end = 0;
  while (end < most - start && removed.at(-1 - end) === insert.at(-1 - end)) end += 1;
  const change = { from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) };
  // Whole lines before the first: their ends stand behind them.
  return change.from < 0 ? { from: 0, to: change.to + 1, insert: insert && `${insert.slice(1)}\n` } : change;
}

/** What makes `theirs` of `mine`, from the first place to the last. Both have lines that end in LF. */
export function changesTo(mine: string, theirs: string): Change[] {
  const found: Change[] = [];
  // An end before each line, and none behind the last: so the last is like any other.
  const all = `\n${mine}`;
  let at = 0;
  let start = 0;
  let insert = '';
  function close() {
    const removed = all.slice(start, at);
    if (removed !== insert) found.push(narrowed({ from: start - 1, to: at - 1, insert }, removed));
    insert = '';
  }
  for (const { kind, text } of diffLines(mine, theirs)) {
    const line = `\n${text}`;
    if (kind === 'same') {
      close();
      at += line.length;
      start = at;
    } else if (kind === 'mine') {
      at += line.length;
    } else {
      insert += line;
    }
  }
  close();
  return found;
}

/** No step to undo: taking back what one wrote leaves alone what somebody else did. */
export function arrive(view: EditorView, text: string): void {
  const { state } = view;
  const changes = changesTo(state.doc.toString(), state.toText(text).toString());
  view.dispatch({
    changes,
    annotations: [isFromElsewhere.of(true), Transaction.addToHistory.of(false)],
  });
}
