/** Items of Markdown's lists as lines: where their marks stand, and where what they hold begins. */
import { countColumn } from '@codemirror/state';
import type { Line, Text } from '@codemirror/state';

import { within } from './parsed';
import type { SyntaxNode, Tree } from './parsed';

export interface Item {
  node: SyntaxNode;
  /** Where its mark is; the node may begin at the blanks before. */
  from: number;
  first: number;
  last: number;
  /** The columns of its mark and of what it holds. */
  column: number;
  content: number;
  mark: string;
}

export const isList = (node: SyntaxNode | null): node is SyntaxNode =>
  node !== null && /^(?:BulletList|OrderedList)$/.test(node.name);

/** The next node in a direction that is not a mark of the quote around it. */
function beside(node: SyntaxNode | null, way: 'nextSibling' | 'prevSibling'): SyntaxNode | null {
  let found = node;
  while (found?.name === 'QuoteMark') found = found[way];
  return found;
}
export const before = ({ prevSibling }: SyntaxNode) => beside(prevSibling, 'prevSibling');
export const behind = ({ nextSibling }: SyntaxNode) => beside(nextSibling, 'nextSibling');
export const lastIn = ({ lastChild }: SyntaxNode) => beside(lastChild, 'prevSibling');

/** What an item holds begins behind the blanks of its mark, unless they are code. */
export function contentOf(column: number, mark: string, rest: string): number {
  const blanks = /^ */.exec(rest)![0].length;
  const isEmpty = rest.trim() === '';
  return column + mark.length + (isEmpty || blanks > 4 ? 1 : Math.max(1, blanks));
}

export function itemOf(node: SyntaxNode, doc: Text): Item {
  const from = node.getChild('ListMark')?.from ?? node.from;
  const line = doc.lineAt(from);
  const column = countColumn(line.text, 4, from - line.from);
  const text = line.text.slice(from - line.from);
  const mark = /^(?:[-*+]|\d+[.)])/.exec(text)?.[0] ?? '-';
  const content = contentOf(column, mark, text.slice(mark.length));
  const last = doc.lineAt(Math.max(node.from, node.to)).number;
  return { node, from, first: line.number, last, column, content, mark };
}

/** The item that a line belongs to; of several that begin on one line, the outermost. */
export function itemAt(tree: Tree, doc: Text, line: Line): Item | null {
  const end = line.from + line.text.trimEnd().length;
  let node = within(tree.resolveInner(end, -1), /^ListItem$/);
  if (!node || node.to < line.from) return null;
  for (let outer = within(node.parent!, /^ListItem$/); outer; outer = within(outer.parent!, /^ListItem$/)) {
    if (doc.lineAt(outer.from).number !== doc.lineAt(node.from).number) break;
    node = outer;
  }
  return itemOf(node, doc);
}

export function siblings(list: SyntaxNode): SyntaxNode[] {
  return list.getChildren('ListItem');
}

/** Lists that say 1. at every item are left to do so. */
export function counts(list: SyntaxNode, doc: Text): boolean {
  const [one, other] = siblings(list).map((node) => Number.parseInt(itemOf(node, doc).mark, 10));
  return one === undefined || other === undefined || one !== other;
}

/** How many quotes an item stands in, and so how many marks of theirs stand before its lines. */
export function quotesAround(node: SyntaxNode): number {
  let count = 0;
  for (let outer = node.parent; outer; outer = outer.parent) if (outer.name === 'Blockquote') count += 1;
  return count;
}
