/** What publishing would make of the text, in a frame where no script can run. */
import { Button, CloseButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { renderQuery } from '~/data/articles';
import { asProblem } from '~/data/problem';
import { FocusBack } from '~/ui/focus-back';
import { nonce } from '~/ui/nonce';
import { useTexts } from '~/ui/texts';

import serifItalic from '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2?url';
import serif from '@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2?url';

import articleStyle from './preview-article.css?raw';
import classes from './preview.module.css';
import { editorTexts } from './texts';

interface Props {
  title: string;
  markdown: string;
  lang: string;
  label: string;
  isFull?: boolean;
  onFull?: () => void;
  onClose: () => void;
}

// The frame has the page's policy and its nonce, and `sandbox` without allow-scripts. It stays one
// document whose content changes, so that the place someone scrolled to stays too.
const FONTS = `@font-face { font-family: 'Preview Serif'; font-weight: 200 900; src: url(${serif}) }
@font-face { font-family: 'Preview Serif'; font-style: italic; font-weight: 200 900; src: url(${serifItalic}) }`;
const FRAME = `<!doctype html><html><head><meta charset="utf-8"><title>.</title>
<style nonce="${nonce}">${FONTS}${articleStyle}</style></head><body></body></html>`;

// As a whole: the bullets of a list stand on the side where its text begins.
const DIRECTED = ':scope > :not(pre)';

export function Preview({ title, markdown, lang, label, isFull = false, onFull, onClose }: Props) {
  const t = useTexts(editorTexts);
  const whole = useRef<HTMLElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [loads, setLoads] = useState(0);
  const [settled] = useDebouncedValue(markdown, 350);
  const { data, error } = useQuery(renderQuery(settled));
  const html = data?.html ?? '';

  useEffect(() => {
    const shown = loads > 0 ? frame.current?.contentDocument : null;
    if (!shown) return;
    shown.documentElement.lang = lang;
    const article = shown.createElement('article');
    article.innerHTML = html; // sanitised by the server, as readers get it
    const heading = shown.createElement('h1');
    heading.textContent = title;
    article.prepend(heading);
    for (const part of article.querySelectorAll(DIRECTED)) part.setAttribute('dir', 'auto');
    shown.body.replaceChildren(article);
  }, [html, title, lang, loads]);

  useEffect(() => {
    // The text that had the focus is out of sight.
    if (isFull && !whole.current?.contains(document.activeElement)) whole.current?.focus();
  }, [isFull]);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      onClose();
    }
    // What is pressed in the frame stays in its document.
    const places = [whole.current, frame.current?.contentDocument];
    for (const place of places) place?.addEventListener('keydown', onKeyDown as EventListener);
    return () => {
      for (const place of places) place?.removeEventListener('keydown', onKeyDown as EventListener);
    };
  }, [loads, onClose]);

  const scheme = useScheme();
  useEffect(() => {
    // Before it has loaded, a document may have no element at all.
    if (loads > 0) frame.current?.contentDocument?.documentElement.setAttribute('data-scheme', scheme);
  }, [scheme, loads]);

  return (
    <section ref={whole} className={classes.preview} aria-label={label} tabIndex={-1}>
      <FocusBack />
      <div className={classes.tools}>
        {onFull && (
          <Button
            size="compact-sm"
            variant="default"
            className={classes.full}
            aria-pressed={isFull}
            onClick={onFull}
          >
            {isFull ? t('sideBySide') : t('fullPreview')}
          </Button>
        )}
        <CloseButton aria-label={t('previewClose')} onClick={onClose} />
      </div>
      {error && <p className={classes.note}>{t('previewFailed', { why: asProblem(error).message })}</p>}
      <iframe
        ref={frame}
        className={classes.frame}
        title={label}
        sandbox="allow-same-origin"
        srcDoc={FRAME}
        onLoad={() => setLoads((count) => count + 1)}
      />
    </section>
  );
}

function useScheme(): string {
  const read = () => document.documentElement.dataset.mantineColorScheme ?? 'light';
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const watcher = new MutationObserver(() => setScheme(read()));
    watcher.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => watcher.disconnect();
  }, []);
  return scheme;
}
