/** What the toolbar, the `/` menu and the keys do to the text: pure changes, nothing else moves. */
import { EditorSelection } from '@codemirror/state';
import type { EditorState, Line, StateCommand, Text } from '@codemirror/state';

import { parsed } from './parsed';

export type LineKind = 'h2' | 'h3' | 'h4' | 'bullets' | 'numbers' | 'tasks' | 'quote';

const INDENT = /^[ \t]*/;
const LEAD: Record<LineKind, RegExp> = {
  h2: /^## +/,
  h3: /^### +/,
  h4: /^#### +/,
  bullets: /^[-*+] +(?!\[[ xX]\] )/,
  numbers: /^\d+[.)] +/,
  tasks: /^[-*+] +\[[ xX]\] +/,
  quote: /^> ?/,
};
/** What another kind of the same family replaces: a heading no heading, a list no list. */
const FAMILY: Record<LineKind, RegExp> = {
  h2: /^#{1,6} +/,
  h3: /^#{1,6} +/,
  h4: /^#{1,6} +/,
  bullets: /^(?:[-*+] +(?:\[[ xX]\] +)?|\d+[.)] +)/,
  numbers: /^(?:[-*+] +(?:\[[ xX]\] +)?|\d+[.)] +)/,
  tasks: /^(?:[-*+] +(?:\[[ xX]\] +)?|\d+[.)] +)/,
  quote: /^> ?/,
};

function lead(kind: LineKind, index: number): string {
  const leads = { h2: '## ', h3: '### ', h4: '#### ', bullets: '- ', tasks: '- [ ] ', quote: '> ' };
  return kind === 'numbers' ? `${index + 1}. ` : leads[kind];
}

function linesOf({ doc, selection }: EditorState): Line[] {
  const { from, to } = selection.main;
  const [first, last] = [doc.lineAt(from).number, doc.lineAt(to).number];
  const lines = Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index));
  return lines.length === 1 ? lines : lines.filter(({ text }) => text.trim() !== '');
}

/** Make the selected lines of this kind, or plain again when all of them are. */
export function lines(kind: LineKind): StateCommand {
  return ({ state, dispatch }) => {
    const chosen = linesOf(state);
    const bodies = chosen.map(({ text }) => text.replace(INDENT, ''));
    const isAll = bodies.every((body) => LEAD[kind].test(body));
    const changes = chosen.map(({ from, text }, index) => {
      const indent = INDENT.exec(text)?.[0].length ?? 0;
      const old = FAMILY[kind].exec(bodies[index]!)?.[0].length ?? 0;
      return {
        from: from + indent,
        to: from + indent + old,
        insert: isAll ? '' : lead(kind, index),
      };
    });
    const made = state.changes(changes);
    const selection = state.selection.map(made, 1);
    dispatch(state.update({ changes: made, selection, userEvent: 'input', scrollIntoView: true }));
    return true;
  };
}

/** From no heading to the second level, and a level deeper each time, until it is text again. */
export const heading: StateCommand = (target) => {
  const { doc, selection } = target.state;
  const level = /^[ \t]*(#{1,6}) /.exec(doc.lineAt(selection.main.head).text)?.[1]?.length ?? 0;
  const next = ({ 0: 'h2', 1: 'h2', 2: 'h3', 3: 'h4' } as const)[level] ?? 'h4';
  return lines(next)(target);
};

/** A block of its own: blank lines around it where there are none, the cursor where `‸` stands. */
export function block(body: string): StateCommand {
  return ({ state, dispatch }) => {
    const { from, to } = state.selection.main;
    const line = state.doc.lineAt(to);
    const isBlank = line.text.trim() === '' && from === to;
    const at = isBlank ? line.from : line.to;
    const before = isBlank ? gapAbove(state.doc, line) : '\n\n';
    const text = `${before}${body}${gapBelow(state.doc, line)}`;
    const cursor = text.indexOf('‸');
    const insert = text.replace('‸', '').replaceAll('\n', state.lineBreak);
    // Positions count a line end as one, whatever it is made of.
    const anchor = (isBlank ? line.from : at) + (cursor < 0 ? text.length : cursor);
    dispatch(
      state.update({
        changes: { from: at, to: isBlank ? line.to : at, insert },
        selection: EditorSelection.cursor(anchor),
        userEvent: 'input',
        scrollIntoView: true,
      }),
    );
    return true;
  };
}

function gapAbove(doc: Text, line: Line): string {
  return line.number > 1 && doc.line(line.number - 1).text.trim() !== '' ? '\n' : '';
}

function gapBelow(doc: Text, line: Line): string {
  return line.number < doc.lines && doc.line(line.number + 1).text.trim() !== '' ? '\n' : '';
}

/** A reference here with the next free number, its note at the end, and the cursor in the note. */
export const footnote: StateCommand = ({ state, dispatch }) => {
  const numbers = [...state.sliceDoc().matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
  const mark = `[^${Math.max(0, ...numbers) + 1}]`;
  const { to } = state.selection.main;
  const end = state.doc.length;
  const isAfterNote = /^\[\^[^\]]+\]:/.test(state.doc.line(state.doc.lines).text);
  const isEnded = state.doc.line(state.doc.lines).text === '';
  const gap = (isAfterNote ? state.lineBreak : state.lineBreak + state.lineBreak).slice(
    isEnded ? state.lineBreak.length : 0,
  );
  const changes = state.changes([
    { from: to, insert: mark },
    { from: end, insert: `${gap}${mark}: ` },
  ]);
  const anchor = changes.newLength;
  dispatch(state.update({ changes, selection: { anchor }, userEvent: 'input', scrollIntoView: true }));
  return true;
};

/** Tick or untick the task that the cursor is in. */
export const tick: StateCommand = ({ state, dispatch }) => {
  const line = state.doc.lineAt(state.selection.main.head);
  const found = /^([ \t>]*(?:[-*+]|\d+[.)]) +\[)([ xX])\]/.exec(line.text);
  if (!found) return false;
  const from = line.from + found[1]!.length;
  const insert = found[2] === ' ' ? 'x' : ' ';
  dispatch(state.update({ changes: { from, to: from + 1, insert }, userEvent: 'input' }));
  return true;
};

/** Put `text` where the selection is; the cursor goes behind it. */
export function insertion(text: string): StateCommand {
  return ({ state, dispatch }) => {
    const insert = text.replace(/\r\n?|\n/g, state.lineBreak);
    dispatch(
      state.update(state.replaceSelection(insert), { userEvent: 'input.paste', scrollIntoView: true }),
    );
    return true;
  };
}

/** The label and address of the link that the cursor is in, and where it stands. */
export function linkAt(state: EditorState): { from: number; to: number; label: string; url: string } | null {
  const { from, to } = state.selection.main;
  let node = parsed(state, to).resolveInner(from, 1);
  while (node.name !== 'Link' && node.parent) node = node.parent;
  if (node.name !== 'Link' || node.to < to) return null;
  const found = /^\[([^]*)\]\(([^)\s]*)[^)]*\)$/.exec(state.sliceDoc(node.from, node.to));
  return found ? { from: node.from, to: node.to, label: found[1]!, url: found[2]! } : null;
}
