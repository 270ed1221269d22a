/** CodeMirror for Markdown: bytes untouched, our look, the keys that writers expect. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';

import type { Splice } from '~/data/splices';
import { nonce } from '~/ui/nonce';

import { hasArrived } from './arriving';
import { direction } from './direction';
import { drawAhead } from './draw-ahead';
import { finding } from './finding';
import { lift, nest } from './list-keys';
import { liveWidgets } from './live-widgets';
import { act } from './mark-actions';
import type { Question } from './mark-actions';
import type { MarkName } from './mark-texts';
import { markdownSupport } from './markdown-language';
import { blockStyles, inlineStyles } from './markdown-style';
import { tick } from './marks';
import { pasting } from './paste';
import { scrollMargins } from './scroll-margins';
import { slashMenu } from './slash-menu';
import { nextCell, previousCell, tableAt } from './tables';
import { splicesOf } from './typing';

export interface Setup {
  separator: '\n' | '\r\n';
  lang: string;
  label: string;
  hint: string;
  phrases: Record<string, string>;
  markLabel: (name: MarkName) => string;
  onType: (splices: readonly Splice[], read: () => string) => void;
  onAsk: (question: Question) => void;
  onFiles: (files: File[]) => void;
  onTable: (isInTable: boolean) => void;
}

/**
 * Behind Escape the next Tab leaves the text, wherever it means something else. The editor's own two
 * seconds for it are too few for slow hands; any other key ends the wait.
 */
const wayOut = EditorView.domEventHandlers({
  keyup: ({ key }, view) => {
    if (key === 'Escape') view.setTabFocusMode(10_000);
  },
});

export function setup(options: Setup): Extension {
  const { separator, lang, label, hint, phrases, markLabel, onType, onAsk, onFiles, onTable } = options;
  const key = (name: MarkName) => (view: EditorView) => {
    act(view, name, onAsk);
    return true;
  };
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.lineSeparator.of(separator),
    EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?|\n/g, separator)),
    EditorState.phrases.of(phrases),
    history(),
    finding,
    slashMenu(markLabel, onAsk),
    keymap.of([
      { key: 'Mod-b', run: key('bold') },
      { key: 'Mod-i', run: key('italic') },
      { key: 'Mod-k', run: key('link') },
      { key: 'Mod-Enter', run: tick },
      { key: 'Tab', run: nextCell, shift: previousCell },
      { key: 'Tab', run: nest, shift: lift },
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    wayOut,
    markdownSupport,
    syntaxHighlighting(inlineStyles),
    blockStyles,
    direction,
    liveWidgets(markLabel('done')),
    drawAhead,
    pasting(onFiles),
    placeholder(hint),
    EditorView.lineWrapping,
    scrollMargins,
    EditorView.contentAttributes.of({
      'aria-label': label,
      autocapitalize: 'sentences',
      autocorrect: 'on',
      lang,
      spellcheck: 'true',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !hasArrived(update)) onType(splicesOf(update), () => update.state.sliceDoc());
      if (update.docChanged || update.selectionSet) onTable(tableAt(update.state) !== null);
    }),
  ];
}
