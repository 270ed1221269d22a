/** Tab makes an item part of the one before it, Shift-Tab lifts it out again; what it holds goes along. */
import { countColumn } from '@codemirror/state';
import type { ChangeSet, ChangeSpec, EditorState, StateCommand, Text } from '@codemirror/state';

import {
  before,
  behind,
  contentOf,
  counts,
  isList,
  itemAt,
  itemOf,
  lastIn,
  quotesAround,
  siblings,
} from './list-items';
import type { Item } from './list-items';
import { parsed } from './parsed';
import type { SyntaxNode } from './parsed';

/** What happens to a line: its indentation, and the mark of the item that begins on it. */
interface Move {
  shift: number;
  quotes: number;
  item?: Item;
  mark?: string;
}
type Moves = Map<number, Move>;

/** The outermost items of the selection; the one that the cursor is in, if nothing is selected. */
function chosen(state: EditorState): Item[] {
  const { doc, selection } = state;
  const { from, to } = selection.main;
  const end = doc.lineAt(to);
  const first = doc.lineAt(from).number;
  const last = to > from && to === end.from ? end.number - 1 : end.number;
  const tree = parsed(state, end.to);
  const items: Item[] = [];
  for (let number = first; number <= last; number += 1) {
    const item = itemAt(tree, doc, doc.line(number));
    if (!item || (number > first && item.first !== number)) continue;
    const latest = items.at(-1);
    if (!latest || item.first > latest.last) items.push(item);
  }
  return items;
}

/** Neighbours of one list move together, or not at all. */
function groups(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (const item of items) {
    const group = found.at(-1);
    if (group && group[0]!.node.parent!.from === item.node.parent!.from) group.push(item);
    else found.push([item]);
  }
  return found;
}

function shiftLines(moves: Moves, first: number, last: number, shift: number, quotes: number): void {
  for (let number = first; number <= last; number += 1) {
    const move = moves.get(number);
    moves.set(number, { ...move, quotes, shift: (move?.shift ?? 0) + shift });
  }
}

/** An item and what it holds to another column, with another mark. Returns where it then holds it. */
function moveItem(moves: Moves, doc: Text, item: Item, column: number, mark: string): number {
  const line = doc.line(item.first);
  const rest = line.text.slice(item.from - line.from + item.mark.length);
  const content = contentOf(column, mark, rest);
  const quotes = quotesAround(item.node);
  shiftLines(moves, item.first + 1, item.last, content - item.content, quotes);
  moves.set(item.first, { item, mark, quotes, shift: column - item.column });
  return content;
}

const started = (mark: string) => mark.replace(/^\d+/, '1');

function nestGroup(moves: Moves, doc: Text, group: readonly Item[]): void {
  const { node } = group[0]!;
  // The list before may be of another kind; its last item is the host then.
  const list = before(node.parent!);
  const outer = before(node) ?? (isList(list) ? lastIn(list) : null);
  if (outer?.name !== 'ListItem') return;
  const host = itemOf(outer, doc);
  const held = lastIn(outer);
  const inner = isList(held) ? itemOf(lastIn(held)!, doc) : null;
  for (const item of group) {
    moveItem(moves, doc, item, inner?.column ?? host.content, inner?.mark ?? started(item.mark));
  }
}

function liftGroup(moves: Moves, doc: Text, group: readonly Item[]): void {
  const outer = group[0]!.node.parent!.parent;
  if (outer?.name !== 'ListItem') return;
  const host = itemOf(outer, doc);
  let content = host.content;
  for (const item of group) content = moveItem(moves, doc, item, host.column, host.mark);
  // What follows in the host is held by what was lifted last.
  const latest = group.at(-1)!;
  shiftLines(moves, latest.last + 1, host.last, content - host.content, quotesAround(outer));
  const next = behind(latest.node);
  if (!next || isList(lastIn(latest.node))) return;
  const item = itemOf(next, doc);
  moves.set(item.first, { ...moves.get(item.first)!, item, mark: started(item.mark) });
}

/** Spaces at the start of a line, behind the quotes that all of it stands in. */
function indented({ doc }: EditorState, number: number, { shift, quotes }: Move): ChangeSpec[] {
  const line = doc.line(number);
  const lead = new RegExp(`^(?:[ \\t]*> ?){${quotes}}`).exec(line.text);
  if (shift === 0 || !lead || line.text.slice(lead[0].length).trim() === '') return [];
  const from = line.from + lead[0].length;
  const blanks = /^[ \t]*/.exec(line.text.slice(lead[0].length))![0];
  if (blanks.includes('\t')) {
    const insert = ' '.repeat(Math.max(0, countColumn(blanks, 4) + shift));
    return [{ from, to: from + blanks.length, insert }];
  }
  if (shift > 0) return [{ from, insert: ' '.repeat(shift) }];
  return [{ from, to: from + Math.min(blanks.length, -shift) }];
}

function carriedOut(state: EditorState, moves: Moves): ChangeSet {
  const changes = [...moves].flatMap(([number, move]) => {
    const { item, mark } = move;
    const spaces = indented(state, number, move);
    if (!item || mark === undefined || item.mark === mark) return spaces;
    const { from } = item;
    return [...spaces, { from, to: from + item.mark.length, insert: mark }];
  });
  return state.changes(changes);
}

/** The numbers of the lists that these items are in now, by their lines, counted on. */
function renumbered(state: EditorState, old: EditorState, lines: readonly number[]): ChangeSet {
  const { doc } = state;
  const end = doc.line(Math.max(...lines)).to;
  const tree = parsed(state, end);
  const oldTree = parsed(old, old.doc.line(Math.max(...lines)).to);
  const moves: Moves = new Map();
  const seen = new Set<number>();
  const known = new Map<number, boolean>();
  const counted = (was: SyntaxNode) => {
    if (!known.has(was.from)) known.set(was.from, counts(was, old.doc));
    return known.get(was.from)!;
  };
  for (const number of lines) {
    const list = itemAt(tree, doc, doc.line(number))?.node.parent;
    if (list?.name !== 'OrderedList' || seen.has(list.from)) continue;
    seen.add(list.from);
    const items = siblings(list).map((node) => itemOf(node, doc));
    const isCounted = items.every(({ first }) => {
      const was = itemAt(oldTree, old.doc, old.doc.line(first))?.node.parent;
      return was?.name !== 'OrderedList' || counted(was);
    });
    const begin = lines.includes(items[0]!.first) ? 1 : Number.parseInt(items[0]!.mark, 10);
    items.forEach((item, index) => {
      const mark = item.mark.replace(/^\d+/, String(begin + (isCounted ? index : 0)));
      if (mark === item.mark) return;
      const shift = mark.length - item.mark.length;
      shiftLines(moves, item.first + 1, item.last, shift, quotesAround(item.node));
      moves.set(item.first, { shift: 0, quotes: 0, ...moves.get(item.first), item, mark });
    });
  }
  return carriedOut(state, moves);
}

function moving(move: (moves: Moves, doc: Text, group: readonly Item[]) => void): StateCommand {
  return ({ state, dispatch }) => {
    if (state.readOnly) return false;
    const items = chosen(state);
    if (items.length === 0) return false;
    const moves: Moves = new Map();
    for (const group of groups(items)) move(moves, state.doc, group);
    // An item that can't move keeps the focus all the same: Escape and Tab lead out.
    if (moves.size === 0) return true;
    // Their old neighbours count on too.
    const lines = items.flatMap(({ first, node }) => {
      const next = behind(node);
      return next ? [first, itemOf(next, state.doc).first] : [first];
    });
    const made = carriedOut(state, moves);
    const between = state.update({ changes: made }).state;
    const changes = made.compose(renumbered(between, state, lines));
    dispatch(
      state.update({
        changes,
        selection: state.selection.map(changes, 1),
        userEvent: 'input.indent',
        scrollIntoView: true,
      }),
    );
    return true;
  };
}

export const nest = moving(nestGroup);
export const lift = moving(liftGroup);
