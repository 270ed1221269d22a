/** Thirty texts with everything our Markdown has, touched in one place: nothing else changes. */
import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';

import texts from './fidelity-texts.json';
import { around } from './inline-marks';
import { separatorOf } from './line-ends';
import { footnote, insertion, lines, tick } from './marks';
import { addRow } from './tables';

const TEXTS: Record<string, string> = texts;

/** As an article is opened; what is typed is told the way the page hears of it. */
function opened(text: string) {
  const separator = separatorOf(text);
  return EditorState.create({ doc: text, extensions: EditorState.lineSeparator.of(separator) });
}

it('there are thirty', () => {
  expect(Object.keys(TEXTS)).toHaveLength(30);
});

it.each(Object.entries(TEXTS))('%s: nothing changes by opening', (_, text) => {
  expect(opened(text).sliceDoc()).toBe(text);
});

it.each(Object.entries(TEXTS))('%s: a letter anywhere changes nothing else', (_, text) => {
  const state = opened(text);
  for (let at = 0; at <= state.doc.length; at += 1) {
    const before = state.sliceDoc(0, at);
    const after = state.update({ changes: { from: at, insert: 'x' } }).state.sliceDoc();
    expect(after).toBe(`${before}x${text.slice(before.length)}`);
  }
});

const TOUCHES = { bold: around('**'), list: lines('bullets'), footnote, tick, row: addRow, pasted: insertion('a\nb') };

it.each(Object.entries(TEXTS))('%s: no command changes a line that it is not about', (_, text) => {
  for (const command of Object.values(TOUCHES)) {
    let state = opened(`first line${separatorOf(text).repeat(2)}${text}`);
    const whole = state.sliceDoc();
    command({ state, dispatch: (transaction) => (state = transaction.state) });
    const rest = whole.slice('first line'.length);
    // All that follows the touched line is there, in one piece; a footnote adds its note behind.
    expect(state.sliceDoc()).toContain(rest.replace(/\n+$/, ''));
  }
});

it('would notice a changed end of line', () => {
  const state = EditorState.create({ doc: TEXTS.CRLF! });
  expect(state.sliceDoc()).not.toBe(TEXTS.CRLF);
});
