/** The text. It owns what stands in it; a new `key` is how something else than typing changes it. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import { useTexts } from '~/ui/texts';

import type { Question } from './mark-actions';
import { markTexts } from './mark-texts';
import { completeSetup, setup } from './markdown-setup';
import { searchTexts } from './search-texts';
import { editorTexts } from './texts';

import './markdown-editor.css';

interface Props {
  text: string;
  lang: string;
  isReadOnly: boolean;
  isFocused: boolean;
  onChange: (text: string) => void;
  onView: (view: EditorView | null) => void;
  onAsk: (question: Question) => void;
  onFiles: (files: File[]) => void;
  onTable: (isInTable: boolean) => void;
}

export function MarkdownEditor(props: Props) {
  const { text, lang, isReadOnly, isFocused } = props;
  const t = useTexts(editorTexts);
  const s = useTexts(searchTexts);
  const m = useTexts(markTexts);
  const place = useRef<HTMLDivElement>(null);
  const current = useRef(text);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const known = Object.keys(searchTexts.en) as (keyof typeof searchTexts.en)[];
    const options = {
      text: current.current,
      lang,
      label: t('text'),
      hint: isReadOnly ? '' : t('textHint'),
      phrases: Object.fromEntries(known.map((key) => [key, s(key)])),
      markLabel: m,
      onChange: (next: string) => {
        current.current = next;
        latest.current.onChange(next);
      },
      onAsk: (question: Question) => latest.current.onAsk(question),
      onFiles: (files: File[]) => latest.current.onFiles(files),
      onTable: (isInTable: boolean) => latest.current.onTable(isInTable),
    };
    const view = new EditorView({
      parent: place.current!,
      doc: current.current,
      extensions: [
        setup(options),
        EditorView.editable.of(!isReadOnly),
        EditorState.readOnly.of(isReadOnly),
      ],
    });
    void completeSetup(view, options);
    latest.current.onView(view);
    return () => {
      latest.current.onView(null);
      view.destroy();
    };
  }, [lang, isReadOnly, m, s, t]);
  return <div ref={place} className="writing" data-focus={isFocused || undefined} />;
}
