/** Enter on an empty item or line of a quote: out of it, and what is typed next is a paragraph of its own. */
import { EditorSelection } from '@codemirror/state';
import type { ChangeSpec, EditorState, Line, StateCommand } from '@codemirror/state';

import { before, behind, isList, itemAt, itemOf } from './list-items';
import { parsed, within } from './parsed';

const isBlank = (text: string) => /^[\s>]*$/.test(text);

/** The items behind one that goes count one less, as far as they counted on from it. */
function recounted(state: EditorState, first: ReturnType<typeof itemOf>): ChangeSpec[] {
  const changes: ChangeSpec[] = [];
  let number = Number.parseInt(first.mark, 10);
  for (let node = behind(first.node); node && !Number.isNaN(number); node = behind(node)) {
    const { from, mark } = itemOf(node, state.doc);
    if (Number.parseInt(mark, 10) !== number + 1) break;
    const insert = mark.replace(/^\d+/, String(number));
    changes.push({ from, to: from + mark.length, insert });
    number += 1;
  }
  return changes;
}

/** What stays before the cursor when the line leaves its list; null where there is none to leave. */
function leftList(state: EditorState, line: Line): { lead: string; more: ChangeSpec[] } | null {
  const item = itemAt(parsed(state, line.to), state.doc, line);
  if (item?.first !== line.number || within(item.node.parent!.parent!, /^ListItem$/)) return null;
  const lead = line.text.slice(0, item.from - line.from);
  const rest = line.text.slice(lead.length + item.mark.length);
  if (!isBlank(lead) || !/^\s*(?:\[[ xX]\]\s*)?$/.test(rest) || item.last !== line.number) return null;
  return { lead, more: recounted(state, item) };
}

/** The same for a quote: one level of its marks less. */
function leftQuote(state: EditorState, line: Line): string | null {
  const found = /^((?:[ \t]*> ?)*[ \t]*)> ?$/.exec(line.text.trimEnd());
  const node = parsed(state, line.to).resolveInner(line.from + line.text.trimEnd().length, -1);
  return found && within(node, /^(?:Blockquote|FencedCode|HTMLBlock)$/)?.name === 'Blockquote'
    ? found[1]!
    : null;
}

export const leaveBlock: StateCommand = ({ state, dispatch }) => {
  const { doc, selection } = state;
  const { empty, head } = selection.main;
  const line = doc.lineAt(head);
  if (!empty || state.readOnly || line.text.slice(head - line.from).trim() !== '') return false;
  // Most lines have words, and are none of these.
  if (!/^[\s>]*(?:>|[-*+]|\d+[.)])\s*(?:\[[ xX]\]\s*)?$/.test(line.text)) return false;
  const list = leftList(state, line);
  const quote = list ? null : leftQuote(state, line);
  const lead = list?.lead ?? quote;
  if (lead === null || lead === undefined) return false;
  const above = line.number > 1 ? doc.line(line.number - 1) : null;
  // A blank line of the same quote above it goes with it.
  const from = quote !== null && above && above.text.trimEnd() === line.text.trimEnd() ? above : line;
  const text = from.number > 1 ? doc.line(from.number - 1).text : '';
  const below = line.number < doc.lines ? doc.line(line.number + 1).text : '';
  const gap = lead.trimEnd();
  const isFirst = list ? !hasBefore(state, line) : false;
  const insert = (isBlank(text) || isFirst ? '' : gap + state.lineBreak) + lead;
  const behind = isBlank(below) ? '' : state.lineBreak + gap;
  const changes = state.changes([
    { from: from.from, to: line.to, insert: insert + behind },
    ...(list?.more ?? []),
  ]);
  // Positions count a line end as one, whatever it is made of.
  const cursor = from.from + insert.length - (insert.includes('\n') ? state.lineBreak.length - 1 : 0);
  dispatch(
    state.update({
      changes,
      selection: EditorSelection.cursor(cursor),
      userEvent: 'input',
      scrollIntoView: true,
    }),
  );
  return true;
};

/** Is there anything of the list, or a list, before the item on this line? */
function hasBefore(state: EditorState, line: Line): boolean {
  const { node } = itemAt(parsed(state, line.to), state.doc, line)!;
  return before(node) !== null || isList(before(node.parent!));
}
