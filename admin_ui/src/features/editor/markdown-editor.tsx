/** The text. It owns what stands in it; a new `key` is how something else than typing changes it. */
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import { useTexts } from '~/ui/texts';

import { setup } from './markdown-setup';
import { searchTexts } from './search-texts';
import { editorTexts } from './texts';

import './markdown-editor.css';

interface Props {
  text: string;
  lang: string;
  isReadOnly: boolean;
  onChange: (text: string) => void;
}

export function MarkdownEditor({ text, lang, isReadOnly, onChange }: Props) {
  const t = useTexts(editorTexts);
  const s = useTexts(searchTexts);
  const place = useRef<HTMLDivElement>(null);
  const start = useRef({ text, onChange });
  useEffect(() => {
    start.current.onChange = onChange;
  });
  useEffect(() => {
    const known = Object.keys(searchTexts.en) as (keyof typeof searchTexts.en)[];
    const view = new EditorView({
      parent: place.current!,
      doc: start.current.text,
      extensions: [
        setup({
          text: start.current.text,
          lang,
          label: t('text'),
          hint: isReadOnly ? '' : t('textHint'),
          phrases: Object.fromEntries(known.map((key) => [key, s(key)])),
          onChange: (next) => {
            start.current.text = next;
            start.current.onChange(next);
          },
        }),
        EditorView.editable.of(!isReadOnly),
      ],
    });
    return () => view.destroy();
  }, [lang, isReadOnly, s, t]);
  return <div ref={place} className="writing" />;
}
