/** A mark taken off some words of it: the words around them keep it. */
import type { ChangeSpec, EditorState } from '@codemirror/state';

import { parsed } from './parsed';
import type { SyntaxNode, Tree } from './parsed';

interface Span {
  from: number;
  to: number;
}

const MARKS = /^(?:StrongEmphasis|Emphasis|InlineCode|Strikethrough|Link|Image)$/;

function marksIn(tree: Tree, { from, to }: Span): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  tree.iterate({
    from,
    to,
    enter: ({ name, node }) => {
      if (MARKS.test(name)) nodes.push(node);
    },
  });
  return nodes;
}

const named = (nodes: SyntaxNode[], kind: string) => nodes.filter(({ name }) => name === kind);

/**
 * Null where nothing of the mark would be left, or where its parts would be no marks: inside a word with
 * underscores, at a bracket, across what else is marked there.
 */
export function withoutPart(state: EditorState, tree: Tree, node: SyntaxNode, part: Span): ChangeSpec[] | null {
  const { firstChild: opening, lastChild: closing } = node;
  const left = state.sliceDoc(opening!.to, part.from);
  const right = state.sliceDoc(part.to, closing!.from);
  const [isLeft, isRight] = [left.trim() !== '', right.trim() !== ''];
  if (!isLeft && !isRight) return null;
  const changes = [
    isLeft
      ? { from: opening!.to + left.trimEnd().length, insert: state.sliceDoc(closing!.from, closing!.to) }
      : { from: opening!.from, to: opening!.to },
    isRight
      ? { from: closing!.from - right.trimStart().length, insert: state.sliceDoc(opening!.from, opening!.to) }
      : { from: closing!.from, to: closing!.to },
  ];
  const made = state.changes(changes);
  const next = state.update({ changes: made }).state;
  const whole = { from: made.mapPos(node.from, -1), to: made.mapPos(node.to, 1) };
  const bare = { from: made.mapPos(part.from, 1), to: made.mapPos(part.to, -1) };
  const before = marksIn(tree, node);
  const after = marksIn(parsed(next, next.doc.lineAt(whole.to).to), whole);
  const kept = named(after, node.name);
  const isWhole =
    after.length === before.length - 1 + Number(isLeft) + Number(isRight) &&
    kept.length === named(before, node.name).length - 1 + Number(isLeft) + Number(isRight) &&
    kept.every(({ from, to }) => to <= bare.from || from >= bare.to);
  return isWhole ? changes : null;
}
