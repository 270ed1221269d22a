/** Which way a line runs: as its first letter does, and without letters as the line above it. */
import { RangeSetBuilder } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import type { DecorationSet, ViewUpdate } from '@codemirror/view';

const LETTER = /\p{L}/u;
const LEFTWARD =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
// The letter in a task's box says nothing of its text.
const BOX = /^(?:[ \t]*(?:>|[-*+]|\d+[.)]))*[ \t]*\[[ xX]\][ \t]/;
/** Whoever begins with so many signs and digits runs as most lines do. */
const AHEAD = 200;

/** Whether a line runs from right to left; null if no letter of it says so. */
export function isLeftward(line: string): boolean | null {
  const letter = LETTER.exec(line.slice(0, AHEAD).replace(BOX, ''));
  return letter && LEFTWARD.test(letter[0]);
}

const leftward = Decoration.line({ attributes: { dir: 'rtl' } });

function directions({ state, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let above = false;
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      above = isLeftward(line.text) ?? above;
      if (above) builder.add(line.from, line.from, leftward);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** Only lines that run the other way carry anything; a text without them is drawn as before. */
export const direction = [
  EditorView.perLineTextDirection.of(true),
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = directions(view);
      }

      update({ docChanged, viewportChanged, view }: ViewUpdate) {
        if (docChanged || viewportChanged) this.decorations = directions(view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  ),
];
