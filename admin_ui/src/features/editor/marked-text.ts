/** For tests: a text with its cursor as `‸` or its selection as `«…»`, and what a command makes of it. */
import { history } from '@codemirror/commands';
import { EditorSelection, EditorState } from '@codemirror/state';
import type { StateCommand } from '@codemirror/state';
import { vi } from 'vitest';

import { markdownSupport } from './markdown-language';

export function opened(text: string, lineBreak = '\n'): EditorState {
  const anchor = text.search(/[‸«]/);
  const head = text.includes('»') ? text.indexOf('»') - 1 : anchor;
  return EditorState.create({
    doc: text.replace(/[‸«»]/g, '').replaceAll('\n', lineBreak),
    selection: EditorSelection.single(anchor, head),
    extensions: [markdownSupport, history(), EditorState.lineSeparator.of(lineBreak)],
  });
}

/** As on a machine so busy that every look at the clock finds 30 ms gone: no time limit leaves time. */
export function slowMachine(): void {
  let now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 30));
}

export function shown(state: EditorState): string {
  const { from, to } = state.selection.main;
  const whole = state.doc.sliceString(0, undefined, '\n');
  if (from === to) return `${whole.slice(0, from)}‸${whole.slice(from)}`;
  return `${whole.slice(0, from)}«${whole.slice(from, to)}»${whole.slice(to)}`;
}

/** The state after a command; null if it leaves the key to others. */
export function done(state: EditorState, command: StateCommand): EditorState | null {
  let next = state;
  return command({ state, dispatch: (transaction) => (next = transaction.state) }) ? next : null;
}

/** Both before and after as text; a command that does nothing leaves it. */
export function after(text: string, command: StateCommand, lineBreak = '\n'): string {
  const state = opened(text, lineBreak);
  return shown(done(state, command) ?? state);
}
