/**
 * Draws the paragraphs beyond the window's edges while nobody waits.
 *
 * CodeMirror draws the next ones when the window has all but reached them, which is in the frame of
 * a key: the one whose line wraps at the bottom of the window. Here they are there before it.
 */
import { EditorView, ViewPlugin } from '@codemirror/view';
import type { ViewUpdate } from '@codemirror/view';

/** Pixels beyond the window that are always drawn; fewer than the 500 that the editor draws. */
const AHEAD = 450;

/** A position beyond what is drawn and within `AHEAD` of the window; null if all of it is drawn. */
function missing(view: EditorView): number | null {
  const top = -view.documentTop;
  const above = view.lineBlockAtHeight(top - AHEAD);
  if (above.to < view.viewport.from) return above.to;
  const below = view.lineBlockAtHeight(top + window.innerHeight + AHEAD);
  return below.from > view.viewport.to ? below.from : null;
}

/** What waits for the next frame, now: a question about places makes the editor do it. */
const measure = (view: EditorView) => void view.coordsAtPos(view.viewport.from);

/** Safari has no idle callback everywhere yet: behind the frame at hand, then. */
const whenIdle: (act: () => void) => number =
  'requestIdleCallback' in window
    ? (act) => window.requestIdleCallback(act)
    : (act) => globalThis.setTimeout(act, 50) as unknown as number;
const nevermind = (handle: number): void => {
  if ('cancelIdleCallback' in window) window.cancelIdleCallback(handle);
  else clearTimeout(handle);
};

const drawing = ViewPlugin.fromClass(
  class {
    isDrawing = false;
    private planned: number | null = null;

    update({ view, docChanged, selectionSet }: ViewUpdate) {
      // Where somebody writes; whoever only scrolls would have it drawn twice.
      if (this.planned === null && (docChanged || selectionSet)) {
        this.planned = whenIdle(() => {
          this.planned = null;
          this.draw(view);
        });
      }
    }

    destroy() {
      if (this.planned !== null) nevermind(this.planned);
    }

    private draw(view: EditorView) {
      // A key that came since scrolls first: another place to scroll to would replace its own.
      measure(view);
      const position = view.composing ? null : missing(view);
      if (position === null) return;
      this.isDrawing = true;
      // Where it shall scroll to is drawn, and the handler below says that it has scrolled.
      view.dispatch({ effects: EditorView.scrollIntoView(position) });
      measure(view);
      this.isDrawing = false;
    }
  },
);

export const drawAhead = [
  drawing,
  EditorView.scrollHandler.of((view) => view.plugin(drawing)?.isDrawing ?? false),
];
