/** The page that someone writes on: title, text, and whatever they asked to see beside it. */
import type { EditorView } from '@codemirror/view';
import { Alert } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';

import { useTexts } from '~/ui/texts';

import type { ArticleSession } from './article-session';
import { DeskBar } from './desk-bar';
import { LeaveGuard } from './leave-guard';
import { Preview } from './preview';
import { saveTexts } from './save-texts';
import { TextArea } from './text-area';
import { editorTexts } from './texts';
import { TitleField } from './title-field';
import type { Beside } from './translations';
import { TrashedNotice } from './trashed-notice';
import { useSessionState, useSettled } from './use-article-session';
import { useBeside } from './use-beside';
import classes from './writing-desk.module.css';

const QUIET = 900;

// Fetched when they are needed, and early enough to be there when the connection is not.
const loadConflict = () => import('./conflict-dialog');
const ConflictDialog = lazy(async () => ({ default: (await loadConflict()).ConflictDialog }));
const loadPanel = () => import('./side-panel');
const SidePanel = lazy(async () => ({ default: (await loadPanel()).SidePanel }));

export function WritingDesk({ session }: { session: ArticleSession }) {
  const t = useTexts(editorTexts);
  const s = useTexts(saveTexts);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const state = useSessionState(session);
  const settled = useSettled(state);
  const { article, fields, version, conflict, isKeptLocally, phase } = state;
  const [isPreview, preview] = useDisclosure();
  const [isSettings, settings] = useDisclosure();
  const [isDeciding, decide] = useDisclosure();
  const [isFocused, focus] = useDisclosure();
  const [isFull, full] = useDisclosure();
  const [beside, setBeside] = useBeside();
  const [view, setView] = useState<EditorView | null>(null);
  const content = useRef<HTMLElement>(null);
  const isTrashed = article?.status === 'trashed';
  const id = article?.id;

  useEffect(() => {
    if (!id) return;
    void navigate({ to: '/articles/$articleId', params: { articleId: id }, replace: true, ignoreBlocker: true });
  }, [id, navigate]);
  useEffect(() => {
    // What led here is gone with its screen.
    if (document.activeElement === document.body) content.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${fields.title.trim() || t('title')} · Lontar`;
  }, [fields.title, t]);
  useEffect(() => {
    if (!conflict) return undefined;
    // Not under the hands of someone who types: each letter puts it off.
    let timer = setTimeout(decide.open, QUIET);
    const release = session.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(decide.open, QUIET);
    });
    return () => {
      clearTimeout(timer);
      release();
    };
  }, [conflict, decide.open, session]);
  useEffect(() => {
    if (phase === 'saved') void queryClient.invalidateQueries({ queryKey: ['articles'] });
  }, [phase, queryClient]);
  useEffect(() => void Promise.allSettled([loadConflict(), loadPanel()]), []);
  function showBeside(shown: Beside) {
    setBeside(shown);
    // On a small screen the panel lies over it.
    if (window.matchMedia('(width < 62em)').matches) settings.close();
  }
  function readWhole() {
    // Once more leads back to the text, and not to both side by side.
    if (isPreview && isFull) {
      preview.close();
      full.close();
    } else {
      preview.open();
      full.open();
    }
  }
  useHotkeys(
    [
      ['mod+S', () => void session.flush(true)],
      ['mod+E', preview.toggle],
      ['mod+shift+E', readWhole],
      ['mod+shift+F', focus.toggle],
    ],
    [],
    true,
  );

  return (
    <div
      className={classes.desk}
      data-beside={isPreview || beside !== null || undefined}
      data-full={(isPreview && isFull && beside === null) || undefined}
      data-focus={isFocused || undefined}
      data-settings={isSettings || undefined}
    >
      <DeskBar
        session={session}
        state={settled}
        isPreview={isPreview}
        isSettings={isSettings}
        isFocused={isFocused}
        onFocus={focus.toggle}
        onPreview={preview.toggle}
        onSettings={settings.toggle}
        onCompare={decide.open}
      />
      <main className={classes.main} ref={content} tabIndex={-1}>
        <h1 className="visually-hidden">{fields.title.trim() || t('title')}</h1>
        <div className={classes.page}>
          {isTrashed && <TrashedNotice session={session} state={state} />}
          {!isKeptLocally && <Alert color="red">{s('noRoom')}</Alert>}
          {phase === 'offline' && <p className={classes.notice}>{s('offlineLong')}</p>}
          <TitleField
            title={fields.title}
            lang={fields.lang}
            isReadOnly={isTrashed}
            hasFocus={!article}
            onChange={(title) => session.change({ title })}
          />
          <TextArea
            text={fields.markdown}
            version={version}
            lang={fields.lang}
            isReadOnly={isTrashed}
            isFocused={isFocused}
            view={view}
            onType={(splices, read) => session.type(splices, read)}
            onView={setView}
          />
        </div>
        {beside ? (
          <Preview {...beside} label={beside.title} onClose={() => setBeside(null)} />
        ) : (
          isPreview && (
            <Preview
              title={fields.title}
              markdown={fields.markdown}
              lang={fields.lang}
              label={t('preview')}
              isFull={isFull}
              onFull={full.toggle}
              onClose={preview.close}
            />
          )
        )}
      </main>
      <Suspense>
        {isSettings && (
          <SidePanel
            session={session}
            state={state}
            view={view}
            onBeside={showBeside}
            onClose={settings.close}
          />
        )}
        {conflict && (
          <ConflictDialog session={session} state={state} isOpen={isDeciding} onClose={decide.close} />
        )}
      </Suspense>
      <LeaveGuard session={session} />
    </div>
  );
}
