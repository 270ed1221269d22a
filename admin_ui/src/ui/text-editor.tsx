/** The place of the Markdown editor in other features' forms; the app says what stands there. */
import { Input } from '@mantine/core';
import { createContext, Suspense, use, useState } from 'react';
import type { ReactNode } from 'react';

import classes from './text-editor.module.css';

export interface TextEditorProps {
  text: string;
  /** Rises when the text changed by something else than typing. */
  version: number;
  lang: string;
  isReadOnly: boolean;
  onChange: (text: string) => void;
}

export const TextEditorContext = createContext<(props: TextEditorProps) => ReactNode>(() => null);

interface Props extends Omit<TextEditorProps, 'version'> {
  label: string;
  error: string | undefined;
}

export function TextEditor({ label, error, text, onChange, ...props }: Props) {
  const render = use(TextEditorContext);
  const [known, know] = useState(text);
  const [version, raise] = useState(0);
  if (text !== known) {
    // Not what was typed here: a draft was discarded, somebody else's version came in.
    know(text);
    raise(version + 1);
  }
  return (
    <div>
      <p className={classes.label} aria-hidden="true">
        {label}
      </p>
      <div className={classes.frame} data-bad={error !== undefined || undefined}>
        <Suspense fallback={<div className={classes.waiting} />}>
          {render({
            ...props,
            text,
            version,
            onChange: (next) => {
              know(next);
              onChange(next);
            },
          })}
        </Suspense>
      </div>
      {error && <Input.Error mt={5}>{error}</Input.Error>}
    </div>
  );
}
