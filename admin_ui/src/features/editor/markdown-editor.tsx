/** The text. It owns what stands in it; a new `version` is how something else than typing changes it. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { Splice } from '~/data/splices';
import { useTexts } from '~/ui/texts';

import { arrive } from './arriving';
import { separatorOf } from './line-ends';
import type { Question } from './mark-actions';
import { markTexts } from './mark-texts';
import { setup } from './markdown-setup';
import { searchTexts } from './search-texts';
import { editorTexts } from './texts';

import './markdown-editor.css';

interface Props {
  text: string;
  version: number;
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
  const { text, version, lang, isReadOnly, isFocused } = props;
  const t = useTexts(editorTexts);
  const s = useTexts(searchTexts);
  const m = useTexts(markTexts);
  const place = useRef<HTMLDivElement>(null);
  const held = useRef<EditorView | null>(null);
  const shown = useRef(version);
  const current = useRef(() => text);
  const [separator, setSeparator] = useState(() => separatorOf(text));
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  // Before the next letter can be typed, which belongs behind it.
  useLayoutEffect(() => {
    if (shown.current === version) return;
    shown.current = version;
    current.current = () => text;
    // Lines that end otherwise are split otherwise: that is another editor.
    if (held.current && separatorOf(text) === separator) arrive(held.current, text);
    else setSeparator(separatorOf(text));
  }, [version, text, separator]);
  useEffect(() => {
    const start = current.current();
    const known = Object.keys(searchTexts.en) as (keyof typeof searchTexts.en)[];
    const options = {
      separator,
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
    held.current = view;
    latest.current.onView(view);
    return () => {
      latest.current.onView(null);
      held.current = null;
      view.destroy();
    };
  }, [separator, lang, isReadOnly, m, s, t]);
  return <div ref={place} className="writing" data-focus={isFocused || undefined} />;
}
