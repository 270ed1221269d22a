/** How far from the window's edges the caret stays: below the bars, and not at the very bottom. */
import { EditorView } from '@codemirror/view';

const ABOVE = 116;
const BELOW = 72;

const within = (value: number, most: number) => Math.min(most, Math.max(0, value));

/**
 * They are the window's, as the page scrolls and not the text in it. CodeMirror counts them from the
 * edges of the text and shows no menu for a line outside: of a text that starts or ends within the
 * window, only that much of them lies over it.
 */
export const scrollMargins = EditorView.scrollMargins.of((view) => {
  const text = view.scrollDOM.getBoundingClientRect();
  const line = view.lineBlockAt(view.state.selection.main.head);
  const isUnderBars = text.top < ABOVE && view.documentTop + line.top < ABOVE;
  return {
    top: isUnderBars ? ABOVE : within(ABOVE - text.top, ABOVE),
    bottom: within(text.bottom - (window.innerHeight - BELOW), BELOW),
  };
});
