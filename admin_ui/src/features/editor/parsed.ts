/** The syntax tree as a command needs it: up to where it looks, though nothing is drawn there yet. */
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

export type Tree = ReturnType<typeof syntaxTree>;
export type SyntaxNode = Tree['topNode'];

/** Milliseconds that a key may wait for a text that was not read so far. */
const PATIENCE = 50;

export function parsed(state: EditorState, upTo: number): Tree {
  return ensureSyntaxTree(state, upTo, PATIENCE) ?? syntaxTree(state);
}

/** The nearest node of such a name, from this one outwards. */
export function within(node: SyntaxNode, names: RegExp): SyntaxNode | null {
  let found: SyntaxNode | null = node;
  while (found && !names.test(found.name)) found = found.parent;
  return found;
}
