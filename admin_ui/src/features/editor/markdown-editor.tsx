/** The text. It owns what stands in it; a new `key` is how something else than typing changes it. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import type { Splice } from '~/data/splices';
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
  onType: (splices: readonly Splice[], read: () => string) => void;
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
  const current = useRef(() => text);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const start = current.current();
    const known = Object.keys(searchTexts.en) as (keyof typeof searchTexts.en)[];
    const options = {
      text: start,
      lang,
      label: t('text'),
      hint: isReadOnly ? '' : t('textHint'),
      phrases: Object.fromEntries(known.map((key) => [key, s(key)])),
      markLabel: m,
      onType: (splices: readonly Splice[], read: () => string) => {
        current.current = read;
        latest.current.onType(splices, read);
      },
      onAsk: (question: Question) => latest.current.onAsk(question),
      onFiles: (files: File[]) => latest.current.onFiles(files),
      onTable: (isInTable: boolean) => latest.current.onTable(isInTable),
    };
    const view = new EditorView({
      parent: place.current!,
      doc: start,
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
