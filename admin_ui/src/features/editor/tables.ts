/** Tables of Markdown: read, tidied, and given or rid of rows and columns. */
import type { EditorState, StateCommand } from '@codemirror/state';

export type Align = 'none' | 'left' | 'center' | 'right';

export interface Table {
  rows: string[][];
  aligns: Align[];
}

const DIVIDER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

interface Span {
  from: number;
  to: number;
}

/** Where the cells of a line lie; only `\\|` is a pipe of a cell's own, as GitHub has it. */
function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const { 0: piece, index } of line.matchAll(/\\.|\|/g)) {
    if (piece !== '|') continue;
    spans.push({ from, to: index });
    from = index + 1;
  }
  spans.push({ from, to: line.length });
  const isBlank = ({ from: start, to }: Span) => line.slice(start, to).trim() === '';
  if (isBlank(spans[0]!)) spans.shift();
  if (spans.length > 1 && isBlank(spans.at(-1)!)) spans.pop();
  return spans;
}

export function cellsOf(line: string): string[] {
  return spansOf(line).map(({ from, to }) => line.slice(from, to).trim());
}

function alignOf(cell: string): Align {
  if (/^:-*:$/.test(cell)) return 'center';
  if (cell.endsWith(':')) return 'right';
  return cell.startsWith(':') ? 'left' : 'none';
}

export function read(lines: readonly string[]): Table | null {
  if (lines.length < 2 || !DIVIDER.test(lines[1]!) || !lines[0]!.includes('|')) return null;
  const aligns = cellsOf(lines[1]!).map(alignOf);
  const rows = [lines[0]!, ...lines.slice(2)].map((line) => {
    const cells = cellsOf(line);
    return aligns.map((_, index) => cells[index] ?? '');
  });
  return { rows, aligns };
}

const width = (text: string) => [...text.normalize('NFC')].length;

/** Columns of even width, so that the source reads as a table too. */
export function write({ rows, aligns }: Table): string[] {
  const widths = aligns.map((_, index) => Math.max(3, ...rows.map((row) => width(row[index]!))));
  const row = (cells: readonly string[]) =>
    `| ${cells
      .map((cell, index) => {
        const room = widths[index]! - width(cell);
        const left = { none: 0, left: 0, right: room, center: room >> 1 }[aligns[index]!];
        return ' '.repeat(left) + cell + ' '.repeat(room - left);
      })
      .join(' | ')} |`;
  const rules = aligns.map((align, index) => {
    const size = widths[index]!;
    if (align === 'center') return `:${'-'.repeat(size - 2)}:`;
    if (align === 'right') return `${'-'.repeat(size - 1)}:`;
    return align === 'left' ? `:${'-'.repeat(size - 1)}` : '-'.repeat(size);
  });
  return [row(rows[0]!), row(rules).replace(/ +\|$/, ' |'), ...rows.slice(1).map(row)];
}

export interface Place {
  first: number;
  last: number;
  row: number;
  column: number;
  table: Table;
}

/** The table around the cursor, as numbers of its lines, with the cell that the cursor is in. */
export function tableAt(state: EditorState): Place | null {
  const { doc, selection } = state;
  const here = doc.lineAt(selection.main.head);
  const isRow = (number: number) =>
    number >= 1 && number <= doc.lines && doc.line(number).text.includes('|');
  if (!isRow(here.number)) return null;
  let first = here.number;
  let last = here.number;
  while (isRow(first - 1)) first -= 1;
  while (isRow(last + 1)) last += 1;
  const texts = Array.from({ length: last - first + 1 }, (_, index) => doc.line(first + index).text);
  const table = read(texts);
  if (!table) return null;
  const offset = selection.main.head - here.from;
  const cell = spansOf(here.text).findLastIndex(({ from }) => from <= offset);
  const line = here.number - first;
  const column = Math.min(Math.max(cell, 0), table.aligns.length - 1);
  return { first, last, row: line < 2 ? 0 : line - 1, column, table };
}

/** Where the text of a cell begins. */
function startOf(line: string, column: number): number {
  const span = spansOf(line)[column];
  if (!span) return line.length;
  const blanks = /^ ?/.exec(line.slice(span.from, span.to))![0].length;
  return span.from + blanks;
}

/** The table written anew, the cursor at the start of a cell. */
function replace(state: EditorState, place: Place, table: Table | null, row: number, column: number) {
  const from = state.doc.line(place.first).from;
  const { to } = state.doc.line(place.last);
  if (!table) return state.update({ changes: { from, to }, userEvent: 'delete' });
  const lines = write(table);
  const line = row === 0 ? 0 : row + 1;
  // Positions count a line end as one, whatever it is made of.
  const start = lines.slice(0, line).reduce((sum, text) => sum + text.length + 1, from);
  return state.update({
    changes: { from, to, insert: lines.join(state.lineBreak) },
    selection: { anchor: start + startOf(lines[line]!, column) },
    userEvent: 'input',
    scrollIntoView: true,
  });
}

function change(act: (place: Place) => { table: Table | null; row: number; column: number }): StateCommand {
  return ({ state, dispatch }) => {
    const place = tableAt(state);
    if (!place) return false;
    const { table, row, column } = act(place);
    dispatch(replace(state, place, table, row, column));
    return true;
  };
}

const without = <T>(items: readonly T[], index: number) => items.filter((_, at) => at !== index);
const withOne = <T>(items: readonly T[], index: number, item: T) => [
  ...items.slice(0, index),
  item,
  ...items.slice(index),
];

export const tidy = change(({ table, row, column }) => ({ table, row, column }));

export const addRow = change(({ table, row, column }) => {
  const blank = table.aligns.map(() => '');
  return { table: { ...table, rows: withOne(table.rows, row + 1, blank) }, row: row + 1, column };
});

export const addColumn = change(({ table, row, column }) => ({
  table: {
    rows: table.rows.map((cells) => withOne(cells, column + 1, '')),
    aligns: withOne(table.aligns, column + 1, 'none'),
  },
  row,
  column: column + 1,
}));

export const dropRow = change(({ table, row, column }) => {
  const rows = without(table.rows, row);
  if (rows.length === 0) return { table: null, row: 0, column: 0 };
  return { table: { ...table, rows }, row: Math.min(row, rows.length - 1), column };
});

export const dropColumn = change(({ table, row, column }) => {
  const aligns = without(table.aligns, column);
  if (aligns.length === 0) return { table: null, row: 0, column: 0 };
  const rows = table.rows.map((cells) => without(cells, column));
  return { table: { rows, aligns }, row, column: Math.min(column, aligns.length - 1) };
});

const NEXT: Record<Align, Align> = { none: 'left', left: 'center', center: 'right', right: 'none' };

export const align = change(({ table, row, column }) => ({
  table: {
    ...table,
    aligns: table.aligns.map((one, index) => (index === column ? NEXT[one] : one)),
  },
  row,
  column,
}));

/** Tab and Shift-Tab walk the cells; behind the last one begins a new row. */
function step(by: 1 | -1): StateCommand {
  return (target) => {
    const place = tableAt(target.state);
    if (!place || !target.state.selection.main.empty) return false;
    const { table, row, column } = place;
    const count = table.aligns.length;
    const cell = row * count + column + by;
    if (cell < 0) return false;
    if (cell >= table.rows.length * count) {
      const rows = [...table.rows, table.aligns.map(() => '')];
      target.dispatch(replace(target.state, place, { ...table, rows }, rows.length - 1, 0));
      return true;
    }
    const to = Math.floor(cell / count);
    const line = target.state.doc.line(place.first + (to === 0 ? 0 : to + 1));
    const anchor = line.from + startOf(line.text, cell % count);
    target.dispatch(target.state.update({ selection: { anchor }, scrollIntoView: true }));
    return true;
  };
}

export const nextCell = step(1);
export const previousCell = step(-1);
