/** The text with its toolbar, and the dialogs that put links and pictures into it. */
import type { EditorView } from '@codemirror/view';
import { lazy, Suspense, useCallback, useState } from 'react';

import type { Splice } from '~/data/splices';

import { LinkDialog } from './link-dialog';
import type { Question } from './mark-actions';
import { MarkdownEditor } from './markdown-editor';
import { insertion, linkAt } from './marks';
import type { Described } from './picture-dialog';
import { Toolbar } from './toolbar';

const PictureDialog = lazy(async () => ({ default: (await import('./picture-dialog')).PictureDialog }));

interface Props {
  text: string;
  version: number;
  lang: string;
  isReadOnly: boolean;
  isFocused: boolean;
  view: EditorView | null;
  onType: (splices: readonly Splice[], read: () => string) => void;
  onView: (view: EditorView | null) => void;
}

interface LinkDraft {
  from: number;
  to: number;
  label: string;
  url: string;
}

const NO_FILES: readonly File[] = [];
const inBrackets = (text: string) => text.replace(/[[\]\\]/g, '\\$&').replace(/\s+/g, ' ').trim();

export function TextArea(props: Props) {
  const { text, version, lang, isReadOnly, isFocused, view, onType, onView } = props;
  const [isInTable, setInTable] = useState(false);
  const [link, setLink] = useState<LinkDraft | null>(null);
  const [files, setFiles] = useState<readonly File[] | null>(null);

  const ask = useCallback(
    (question: Question) => {
      if (question === 'picture') return setFiles(NO_FILES);
      if (!view) return undefined;
      const { from, to } = view.state.selection.main;
      const selected = view.state.doc.sliceString(from, to, '\n'); // as long as its positions say
      const label = selected.trim();
      const start = label === '' ? from : from + selected.indexOf(label);
      const end = label === '' ? to : start + label.length;
      setLink(linkAt(view.state) ?? { from: start, to: end, label, url: '' });
    },
    [view],
  );

  function putLink({ label, url }: { label: string; url: string }) {
    if (view && link) {
      const made = `[${label.replace(/\s+/g, ' ')}](${/[\s()]/.test(url) ? `<${url}>` : url})`;
      const insert = url === '' ? label : made;
      const anchor = link.from + insert.length;
      view.dispatch({ changes: { from: link.from, to: link.to, insert }, selection: { anchor }, userEvent: 'input' });
    }
    closeLink();
  }

  function closeLink() {
    setLink(null);
    view?.focus(); // at once: the next letter belongs behind the link
  }

  function putPictures(pictures: Described[]) {
    const lines = pictures.map(({ media, alt }) => `![${inBrackets(alt)}](${media.stable_url})`);
    if (view) insertion(lines.join('\n\n'))(view);
    closePictures();
  }

  function closePictures() {
    setFiles(null);
    view?.focus();
  }

  return (
    <>
      {!isReadOnly && <Toolbar view={view} isInTable={isInTable} onAsk={ask} />}
      <MarkdownEditor
        text={text}
        version={version}
        lang={lang}
        isReadOnly={isReadOnly}
        isFocused={isFocused}
        onType={onType}
        onView={onView}
        onAsk={ask}
        onFiles={setFiles}
        onTable={setInTable}
      />
      {link && <LinkDialog label={link.label} url={link.url} onDone={putLink} onClose={closeLink} />}
      <Suspense>
        {files && (
          <PictureDialog files={files} lang={lang} onDone={putPictures} onClose={closePictures} />
        )}
      </Suspense>
    </>
  );
}
