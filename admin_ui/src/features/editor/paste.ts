/** What comes from outside: pictures go to the library, pages and documents become Markdown. */
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

import { insertion } from './marks';
import { parsed } from './parsed';

const RICH = /<(?:h[1-6]|p|ul|ol|li|table|a|strong|b|em|i|blockquote|pre|code|img|span)\b/i;
const loadConverter = () => import('./html-to-markdown');

function picturesIn(data: DataTransfer): File[] {
  return [...data.files].filter(({ type }) => type.startsWith('image/'));
}

function isInCode({ state }: EditorView): boolean {
  const { from } = state.selection.main;
  const node = parsed(state, from).resolveInner(from, -1);
  return /Code/.test(node.name);
}

async function convert(view: EditorView, html: string, plain: string, onFiles: (files: File[]) => void) {
  let text = plain;
  let files: File[] = [];
  try {
    const { toMarkdown } = await loadConverter();
    ({ text, files } = toMarkdown(html));
  } catch {
    // Without the converter the words alone are better than nothing.
  }
  insertion(text === '' ? plain : text)(view);
  if (files.length > 0) onFiles(files);
}

export function pasting(onFiles: (files: File[]) => void): Extension {
  return EditorView.domEventHandlers({
    focus: () => void loadConverter().catch(() => undefined),
    paste: (event, view) => {
      const data = event.clipboardData;
      if (!data || view.state.readOnly) return false;
      const html = data.getData('text/html');
      const plain = data.getData('text/plain');
      const files = picturesIn(data);
      if (files.length > 0 && plain.trim() === '') {
        event.preventDefault();
        onFiles(files);
        return true;
      }
      // An editor of code has coloured HTML too; what is meant there is the text.
      const isCode = data.types.includes('vscode-editor-data') || isInCode(view);
      if (html === '' || !RICH.test(html) || isCode) return false;
      event.preventDefault();
      void convert(view, html, plain, onFiles);
      return true;
    },
    drop: (event, view) => {
      const files = event.dataTransfer ? picturesIn(event.dataTransfer) : [];
      if (files.length === 0 || view.state.readOnly) return false;
      event.preventDefault();
      const anchor = view.posAtCoords({ x: event.clientX, y: event.clientY });
      if (anchor !== null) view.dispatch({ selection: { anchor } });
      onFiles(files);
      return true;
    },
  });
}
