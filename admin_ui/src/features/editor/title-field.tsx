/** The title: a line that grows, looks like a headline, and hands over to the text on Enter. */
import { useEffect, useRef } from 'react';

import { useTexts } from '~/ui/texts';

import { editorTexts } from './texts';
import classes from './title-field.module.css';

interface Props {
  title: string;
  lang: string;
  isReadOnly: boolean;
  hasFocus: boolean;
  onChange: (title: string) => void;
}

export function TitleField({ title, lang, isReadOnly, hasFocus, onChange }: Props) {
  const t = useTexts(editorTexts);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (hasFocus) field.current?.focus();
  }, [hasFocus]);
  return (
    <div className={classes.grow} data-text={title}>
      <textarea
        ref={field}
        className={classes.title}
        value={title}
        lang={lang}
        dir="auto"
        rows={1}
        maxLength={300}
        readOnly={isReadOnly}
        aria-label={t('title')}
        placeholder={t('title')}
        onChange={(event) => onChange(event.currentTarget.value.replace(/[\r\n]+/g, ' '))}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          document.querySelector<HTMLElement>('.cm-content')?.focus();
        }}
      />
    </div>
  );
}
