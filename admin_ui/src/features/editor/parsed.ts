/** The syntax tree as a command needs it: whole where it looks, though nothing is drawn there yet. */
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState, StateCommand } from '@codemirror/state';

export type Tree = ReturnType<typeof syntaxTree>;
export type SyntaxNode = Tree['topNode'];

/** Characters that are read further on, until the block is whole. */
const STEP = 4000;

/**
 * To the end of the outermost block that `upTo` is in, however long reading takes: a list of which
 * only a part is known would be counted, nested and taken apart wrongly. The editor reads ahead, so
 * that a key waits for it only in a long text that has just been opened.
 */
export function parsed(state: EditorState, upTo: number): Tree {
  const end = state.doc.length;
  for (let to = upTo; ; to = Math.min(end, to + STEP)) {
    const tree = ensureSyntaxTree(state, to, Infinity) ?? syntaxTree(state);
    // Where reading stopped it closes what is open: only what stands before another block is whole.
    if (to >= end || (tree.topNode.lastChild?.from ?? 0) > upTo) return tree;
  }
}

/** For a command that takes the tree which is there: the state has the whole one before it looks. */
export function whenParsed(command: StateCommand): StateCommand {
  return ({ state, dispatch }) => {
    const tree = parsed(state, state.doc.lineAt(state.selection.main.to).to);
    if (tree === syntaxTree(state)) return command({ state, dispatch });
    const read = state.update({});
    dispatch(read);
    return command({ state: read.state, dispatch });
  };
}

/** The nearest node of such a name, from this one outwards. */
export function within(node: SyntaxNode, names: RegExp): SyntaxNode | null {
  let found: SyntaxNode | null = node;
  while (found && !names.test(found.name)) found = found.parent;
  return found;
}
