/** Both texts in one: what differs is shown where it stands, taken from one side or written anew. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import { nonce } from '~/ui/nonce';
import { useTexts } from '~/ui/texts';

import { direction } from './direction';
import { separatorOf } from './line-ends';
import { saveTexts } from './save-texts';

import './merge-editor.css';

interface Props {
  mine: string;
  theirs: string;
  lang: string;
  onChange: (text: string) => void;
}

export function MergeEditor({ mine, theirs, lang, onChange }: Props) {
  const t = useTexts(saveTexts);
  const place = useRef<HTMLDivElement>(null);
  const start = useRef({ mine, theirs, lang, onChange });
  useEffect(() => {
    const { current } = start;
    const view = new EditorView({
      parent: place.current!,
      doc: current.mine,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.lineSeparator.of(separatorOf(current.mine)),
        history(),
        keymap.of([...historyKeymap, ...defaultKeymap]),
        EditorView.lineWrapping,
        direction,
        EditorView.contentAttributes.of({ 'aria-label': t('merged'), lang: current.lang }),
        unifiedMergeView({
          original: current.theirs,
          gutter: false,
          mergeControls: (type, action) => {
            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'merge-choice';
            button.textContent = type === 'accept' ? t('partMine') : t('partTheirs');
            button.addEventListener('mousedown', action);
            button.addEventListener('keydown', (event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              const part = view.posAtDOM(button);
              button.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
              // The button is gone with its part; whoever chose goes on where it was.
              const anchor = Math.min(part, view.state.doc.length);
              view.dispatch({ selection: { anchor }, scrollIntoView: true });
              view.focus();
            });
            return button;
          },
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) current.onChange(update.state.sliceDoc());
        }),
      ],
    });
    view.focus(); // the button that asked for it is gone
    return () => view.destroy();
  }, [t]);
  return <div ref={place} className="merging" />;
}
