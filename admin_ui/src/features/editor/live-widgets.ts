/** Pictures under the line that shows them, boxes that can be ticked, and the paragraph at hand. */
import { syntaxTree } from '@codemirror/language';
import type { Range } from '@codemirror/state';
import { Decoration, ViewPlugin, WidgetType } from '@codemirror/view';
import type { DecorationSet, EditorView, ViewUpdate } from '@codemirror/view';

/** Media of ours; nothing else is let in by the page's policy. */
const OURS = /^(?:https?:\/\/[^\s/]+)?(?:\/[^\s?#]*)?\/media\/[0-9a-f]{24}[^\s]*$/;

class Picture extends WidgetType {
  readonly source: string;

  constructor(source: string) {
    super();
    this.source = source;
  }

  override eq(other: Picture) {
    return other.source === this.source;
  }

  toDOM(view: EditorView) {
    const image = document.createElement('img');
    image.className = 'md-picture';
    image.alt = ''; // its words stand right before it
    image.src = this.source;
    image.draggable = false;
    image.addEventListener('load', () => view.requestMeasure());
    image.addEventListener('error', () => image.remove());
    return image;
  }
}

class Box extends WidgetType {
  readonly isTicked: boolean;
  readonly label: string;

  constructor(isTicked: boolean, label: string) {
    super();
    this.isTicked = isTicked;
    this.label = label;
  }

  override eq(other: Box) {
    return other.isTicked === this.isTicked && other.label === this.label;
  }

  toDOM(view: EditorView) {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.className = 'md-box';
    box.checked = this.isTicked;
    box.tabIndex = -1; // Mod-Enter ticks without a mouse
    box.setAttribute('aria-label', this.label);
    box.addEventListener('mousedown', (event) => {
      event.preventDefault();
      if (view.state.readOnly) return;
      const from = view.posAtDOM(box) + 1;
      const insert = this.isTicked ? ' ' : 'x';
      view.dispatch({ changes: { from, to: from + 1, insert }, userEvent: 'input' });
    });
    box.addEventListener('click', (event) => event.preventDefault());
    return box;
  }

  override ignoreEvent() {
    return true;
  }
}

function widgets(view: EditorView, label: string): DecorationSet {
  const found: Range<Decoration>[] = [];
  const { state } = view;
  const { main } = state.selection;
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(state).iterate({
      from,
      to,
      enter: (node) => {
        if (node.name === 'Image') {
          const url = node.node.getChild('URL');
          const source = url && state.sliceDoc(url.from, url.to);
          if (source && OURS.test(source)) {
            found.push(Decoration.widget({ widget: new Picture(source), side: 1 }).range(node.to));
          }
        } else if (node.name === 'TaskMarker' && (main.to < node.from || main.from > node.to)) {
          const isTicked = state.sliceDoc(node.from + 1, node.from + 2) !== ' ';
          found.push(Decoration.replace({ widget: new Box(isTicked, label) }).range(node.from, node.to));
        }
      },
    });
  }
  const { doc } = state;
  let first = doc.lineAt(main.head).number;
  let last = first;
  const isText = (number: number) => doc.line(number).text.trim() !== '';
  while (first > 1 && isText(first) && isText(first - 1)) first -= 1;
  while (last < doc.lines && isText(last) && isText(last + 1)) last += 1;
  for (let number = first; number <= last; number += 1) {
    found.push(Decoration.line({ class: 'md-here' }).range(doc.line(number).from));
  }
  return Decoration.set(found, true);
}

export const liveWidgets = (label: string) =>
  ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = widgets(view, label);
      }

      update(update: ViewUpdate) {
        const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
        if (update.docChanged || update.selectionSet || update.viewportChanged || isParsed) {
          this.decorations = widgets(update.view, label);
        }
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
