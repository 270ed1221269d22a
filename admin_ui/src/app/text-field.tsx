/** The editor's own field, for the Markdown of pages and projects. */
import { MarkdownEditor } from '~/features/editor/markdown-editor';
import type { TextEditorProps } from '~/ui/text-editor';

export function TextField(props: TextEditorProps) {
  return <MarkdownEditor {...props} />;
}
