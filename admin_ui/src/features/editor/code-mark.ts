/** Code by one button: a word within its line, lines as a block, and back again. */
import { isolateHistory } from '@codemirror/commands';
import type { ChangeSpec, EditorState, StateCommand } from '@codemirror/state';

import { around } from './inline-marks';
import { block } from './marks';
import { parsed, within } from './parsed';
import type { SyntaxNode } from './parsed';

/** The lines of its fences go, what stood between them stays. */
function unfenced({ doc }: EditorState, node: SyntaxNode): ChangeSpec {
  const first = doc.lineAt(node.from);
  const last = doc.lineAt(node.to);
  const isWhole = /^[\s>]*$/.test(first.text.slice(0, node.from - first.from));
  const isClosed = first.number < last.number && node.lastChild?.name === 'CodeMark';
  if (first.number + (isClosed ? 1 : 0) === last.number) return { from: node.from, to: last.to };
  const opening = isWhole ? { from: first.from, to: first.to + 1 } : { from: node.from, to: first.to };
  return isClosed ? [opening, { from: last.from - 1, to: last.to }] : opening;
}

/** A word becomes `code`, lines become a block; what is code already becomes text. */
export const code: StateCommand = (target) => {
  const { state, dispatch } = target;
  const { from, to } = state.selection.main;
  const [first, last] = [state.doc.lineAt(from), state.doc.lineAt(to)];
  const words = first.from + /^[\s>]*/.exec(first.text)![0].length;
  const at = Math.max(from, words);
  const tree = parsed(state, last.to);
  const fenced =
    within(tree.resolveInner(at, 1), /^FencedCode$/) ?? within(tree.resolveInner(at, -1), /^FencedCode$/);
  const annotations = isolateHistory.of('full');
  // Fences that are selected and hold nothing are words about code.
  const isBlock = fenced && fenced.to >= to && (from === to || fenced.getChild('CodeText'));
  if (isBlock) {
    const changes = state.changes(unfenced(state, fenced));
    const selection = state.selection.map(changes, 1);
    dispatch(state.update({ changes, selection, annotations, userEvent: 'input', scrollIntoView: true }));
    return true;
  }
  if (first.number === last.number && first.text.trim() !== '') return around('`')(target);
  if (from === to) return block('```‸\n\n```')(target);
  const fence = state.sliceDoc(first.from, last.to).includes('```') ? '~~~' : '```';
  // Within a quote its marks stand before the fences too.
  const lead = /^(?:[ \t]*> ?)*/.exec(first.text)![0];
  const changes = state.changes([
    { from: first.from, insert: lead + fence + state.lineBreak },
    { from: last.to, insert: state.lineBreak + lead + fence },
  ]);
  const anchor = first.from + lead.length + fence.length;
  dispatch(
    state.update({ changes, selection: { anchor }, annotations, userEvent: 'input', scrollIntoView: true }),
  );
  return true;
};
