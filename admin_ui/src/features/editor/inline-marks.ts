/** Bold, italic and code inside a line: put around the words that are meant, or taken away again. */
import { isolateHistory } from '@codemirror/commands';
import { EditorSelection } from '@codemirror/state';
import type { ChangeSpec, EditorState, SelectionRange, StateCommand } from '@codemirror/state';

import { parsed, within } from './parsed';
import type { SyntaxNode, Tree } from './parsed';
import { withoutPart } from './part-of-mark';

export type InlineMark = '**' | '*' | '`';

interface Span {
  from: number;
  to: number;
}

const KIND: Record<InlineMark, string> = { '**': 'StrongEmphasis', '*': 'Emphasis', '`': 'InlineCode' };
/** Blocks whose characters stand for themselves. */
const LITERAL = /^(?:FencedCode|CodeBlock|HTMLBlock|CommentBlock|LinkReference)$/;
const WHOLE = /^(?:StrongEmphasis|Emphasis|InlineCode|Strikethrough|Link|Image)$/;
/** What a line begins with before its words: quotes, indentation, items, boxes, a heading. */
const LEAD =
  /^(?:[ \t]*>[ \t]?)*[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?)*(?:#{1,6}[ \t]+)?/;

function trimmed(state: EditorState, from: number, to: number): Span | null {
  const text = state.sliceDoc(from, to);
  const start = text.length - text.trimStart().length;
  const end = text.length - text.trimEnd().length;
  return start === text.length ? null : { from: from + start, to: to - end };
}

/** The words of a selection, in pieces that a mark can stand around: by paragraph, item and cell. */
function piecesOf(state: EditorState, tree: Tree, { from, to }: Span): Span[] {
  const pieces: Span[] = [];
  const first = state.doc.lineAt(from).number;
  const last = state.doc.lineAt(to).number;
  let isOpen = false; // the line before belongs to the paragraph that this one goes on with
  for (let number = first; number <= last; number += 1) {
    const line = state.doc.line(number);
    const lead = LEAD.exec(line.text)![0];
    const start = Math.max(from, line.from + lead.length);
    const end = Math.min(to, line.to);
    const node = tree.resolveInner(Math.min(line.from + lead.length, line.to), 1);
    if (within(node, LITERAL)) {
      isOpen = false;
      continue;
    }
    if (within(node, /^Table$/)) {
      tree.iterate({
        from: start,
        to: end,
        enter: ({ name, from: cell, to: cellEnd }) => {
          if (name === 'TableCell') pieces.push({ from: Math.max(start, cell), to: Math.min(end, cellEnd) });
        },
      });
      isOpen = false;
      continue;
    }
    const piece = start < end ? trimmed(state, start, end) : null;
    const isWords = first === last || /[\p{L}\p{N}\p{S}]/u.test(line.text);
    if (piece && isWords) {
      if (isOpen && lead.trim() === '') pieces.at(-1)!.to = piece.to;
      else pieces.push(piece);
    }
    isOpen = Boolean(piece) && isWords && !lead.includes('#');
  }
  return pieces.filter((piece) => piece.from < piece.to);
}

function nodesIn(tree: Tree, { from, to }: Span, kind: string): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  tree.iterate({
    from,
    to,
    enter: ({ name, node }) => {
      if (name === kind) nodes.push(node);
    },
  });
  return nodes;
}

function unmarked({ firstChild, lastChild }: SyntaxNode): ChangeSpec[] {
  return [firstChild!, lastChild!].map(({ from, to }) => ({ from, to }));
}

/** Backticks that no run of the words is as long as, and a blank where they would touch one. */
function marksFor(mark: InlineMark, text: string): [string, string] {
  if (mark !== '`') return [mark, mark];
  const runs = new Set([...text.matchAll(/`+/g)].map(([run]) => run.length));
  let size = 1;
  while (runs.has(size)) size += 1;
  const ticks = '`'.repeat(size);
  const gap = /^`|`$/.test(text) ? ' ' : '';
  return [ticks + gap, gap + ticks];
}

/** Marks that would cross others, or stand within code, go around the whole of those; some go for it. */
function put(
  state: EditorState,
  tree: Tree,
  mark: InlineMark,
  span: Span,
  gone: readonly SyntaxNode[] = [],
): ChangeSpec[] {
  let { from, to } = span;
  tree.iterate({
    ...span,
    enter: ({ name, from: start, to: end }) => {
      if (!WHOLE.test(name) || (mark === '`' && name === 'InlineCode')) return;
      const isCrossed = (start < from && end < to && end > from) || (start > from && start < to && end > to);
      if (!isCrossed && !(name === 'InlineCode' && start <= from && end >= to)) return;
      from = Math.min(from, start);
      to = Math.max(to, end);
    },
  });
  const removals = gone.flatMap(unmarked);
  const bare = state.changes(removals);
  const words = bare.apply(state.doc).sliceString(bare.mapPos(from, -1), bare.mapPos(to, 1));
  const [before, after] = marksFor(mark, words);
  return [
    ...removals,
    { from, insert: before },
    { from: to, insert: after },
  ];
}

/** What has the mark right before the words and behind them; but for code, blanks between say nothing. */
function beside(state: EditorState, tree: Tree, mark: InlineMark, { from, to }: Span): SyntaxNode[] {
  const line = state.doc.lineAt(from);
  const blanks = mark === '`' ? /^/ : /[ \t]*$/;
  const before = from - blanks.exec(line.text.slice(0, from - line.from))![0].length;
  const end = state.doc.lineAt(to);
  const after = to + (mark === '`' ? 0 : /^[ \t]*/.exec(end.text.slice(to - end.from))![0].length);
  const kind = new RegExp(`^${KIND[mark]}$`);
  const left = before > line.from && within(tree.resolveInner(before, -1), kind);
  const right = after < end.to && within(tree.resolveInner(after, 1), kind);
  const isNext = (node: SyntaxNode | false | null): node is SyntaxNode =>
    Boolean(node) && ((node as SyntaxNode).to === before || (node as SyntaxNode).from === after);
  return [left, right].filter(isNext);
}

function onPieces(state: EditorState, tree: Tree, mark: InlineMark, pieces: readonly Span[]): ChangeSpec[] {
  const all = pieces.map((piece) => nodesIn(tree, piece, KIND[mark]));
  const holds = (piece: Span) => (node: SyntaxNode) => node.from <= piece.from && node.to >= piece.to;
  const isMarked = pieces.every((piece, index) => all[index]!.some(holds(piece)));
  if (isMarked) {
    const around = pieces.length === 1 && all[0]!.find(holds(pieces[0]!));
    const rest = around && withoutPart(state, tree, around, pieces[0]!);
    if (rest) return rest;
    const found = new Map(all.flat().map((node) => [node.from, node]));
    return [...found.values()].flatMap(unmarked);
  }
  return pieces.flatMap((piece, index) => {
    if (all[index]!.some(holds(piece))) return [];
    // Parts that have the mark already become one with the rest, and so does what it stands beside.
    const nodes = [...all[index]!, ...beside(state, tree, mark, piece)];
    const span = {
      from: Math.min(piece.from, ...nodes.map(({ from }) => from)),
      to: Math.max(piece.to, ...nodes.map(({ to }) => to)),
    };
    return put(state, tree, mark, span, nodes);
  });
}

/** How many of the mark's character stand in a row from here on. */
function run(text: string, mark: InlineMark): number {
  let size = 0;
  while (text[size] === mark[0]) size += 1;
  return size;
}

const has = (mark: InlineMark, size: number) => (mark === '**' ? size >= 2 : size % 2 === 1);

function isUnclosed(before: string, mark: InlineMark): boolean {
  const rest = mark === '*' ? before.replaceAll('**', '') : before;
  return rest.split(mark).length % 2 === 0;
}

/** With nothing selected: out of a mark that ends here, off a word, around a word, or a new pair. */
function atCursor(
  state: EditorState,
  tree: Tree,
  mark: InlineMark,
  at: number,
): { changes: ChangeSpec; cursor?: number } {
  const here = tree.resolveInner(at, 0);
  if (within(here, LITERAL)) return { changes: [] };
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  const behind = run(line.text.slice(at - line.from), mark);
  const size = mark.length;
  if (has(mark, behind)) {
    if (run([...before].reverse().join(''), mark) === behind) {
      return { changes: { from: at - size, to: at + size } };
    }
    if (isUnclosed(before, mark)) {
      // A mark that ends behind a blank ends nothing: the blank goes out with the cursor.
      const blank = /[ \t]*$/.exec(before)![0];
      const changes = blank
        ? [
            { from: at - blank.length, to: at },
            { from: at + size, insert: blank },
          ]
        : [];
      return { changes, cursor: at + size };
    }
  }
  const node = within(here, new RegExp(`^${KIND[mark]}$`));
  if (node) return { changes: unmarked(node) };
  const word = state.wordAt(at);
  if (word && word.from < at && at < word.to) return { changes: put(state, tree, mark, word) };
  return { changes: { from: at, insert: mark + mark }, cursor: at + size };
}

function marked(state: EditorState, range: SelectionRange, mark: InlineMark) {
  const tree = parsed(state, state.doc.lineAt(range.to).to);
  if (range.empty) {
    const { changes, cursor } = atCursor(state, tree, mark, range.head);
    const made = state.changes(changes);
    return { changes: made, range: EditorSelection.cursor(cursor ?? made.mapPos(range.head, 1)) };
  }
  const made = state.changes(onPieces(state, tree, mark, piecesOf(state, tree, range)));
  const isForward = range.anchor < range.head;
  const anchor = made.mapPos(range.anchor, isForward ? 1 : -1);
  return { changes: made, range: EditorSelection.range(anchor, made.mapPos(range.head, isForward ? -1 : 1)) };
}

/** Put a mark around the words that are selected, or the word at hand; again takes it away. */
export function around(mark: InlineMark): StateCommand {
  return ({ state, dispatch }) => {
    const transaction = state.changeByRange((range) => marked(state, range, mark));
    dispatch(
      state.update(transaction, {
        annotations: isolateHistory.of('full'),
        userEvent: 'input',
        scrollIntoView: true,
      }),
    );
    return true;
  };
}
