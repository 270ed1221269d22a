/** The editor's own field with its toolbar, for the Markdown of pages and projects. */
import type { EditorView } from '@codemirror/view';
import { useState } from 'react';

import { TextArea } from '~/features/editor/text-area';
import type { TextEditorProps } from '~/ui/text-editor';

export function TextField({ onChange, ...props }: TextEditorProps) {
  const [view, setView] = useState<EditorView | null>(null);
  return (
    <TextArea
      {...props}
      isFocused={false}
      view={view}
      onType={(_, read) => onChange(read())}
      onView={setView}
    />
  );
}
