/** CodeMirror for Markdown: bytes untouched, our look, the keys that writers expect. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import type { ChangeSpec, Extension, StateCommand } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';

import { nonce } from '~/ui/nonce';

import { markdownSupport } from './markdown-language';
import { blockStyles, inlineStyles } from './markdown-style';

/** One kind of line end is kept as the separator; a mixture stays as it is, inside the lines. */
export function separatorOf(text: string): '\n' | '\r\n' {
  const ends = text.match(/\r?\n/g) ?? [];
  return ends.length > 0 && ends.every((end) => end === '\r\n') ? '\r\n' : '\n';
}

/** Put marks around every selection, or take them away again. */
export function around(mark: string): StateCommand {
  return ({ state, dispatch }) => {
    const size = mark.length;
    const transaction = state.changeByRange((range) => {
      const { from, to } = range;
      const isMarked =
        state.sliceDoc(from - size, from) === mark && state.sliceDoc(to, to + size) === mark;
      const changes: ChangeSpec = isMarked
        ? [
            { from: from - size, to: from },
            { from: to, to: to + size },
          ]
        : [
            { from, insert: mark },
            { from: to, insert: mark },
          ];
      const moved = isMarked ? -size : size;
      return { changes, range: range.extend(from + moved, to + moved) };
    });
    dispatch(state.update(transaction, { userEvent: 'input', scrollIntoView: true }));
    return true;
  };
}

/** `[selected](|)`, with the cursor where the address goes. */
const link: StateCommand = ({ state, dispatch }) => {
  const { from, to } = state.selection.main;
  const text = `[${state.sliceDoc(from, to)}]()`;
  const anchor = from === to ? from + 1 : from + text.length - 1;
  dispatch(state.update({ changes: { from, to, insert: text }, selection: { anchor } }));
  return true;
};

export interface Setup {
  text: string;
  lang: string;
  label: string;
  hint: string;
  phrases: Record<string, string>;
  onChange: (text: string) => void;
}

export function setup({ text, lang, label, hint, phrases, onChange }: Setup): Extension {
  const separator = separatorOf(text);
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.lineSeparator.of(separator),
    EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?|\n/g, separator)),
    EditorState.phrases.of(phrases),
    history(),
    search({ top: true }),
    keymap.of([
      { key: 'Mod-b', run: around('**') },
      { key: 'Mod-i', run: around('*') },
      { key: 'Mod-k', run: link },
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    markdownSupport,
    syntaxHighlighting(inlineStyles),
    blockStyles,
    placeholder(hint),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': label,
      autocapitalize: 'sentences',
      autocorrect: 'on',
      lang,
      spellcheck: 'true',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.sliceDoc());
    }),
  ];
}
