/** The session of the article at hand, alive while the page is, whatever its address becomes. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';

import { asProblem } from '~/data/problem';
import type { Problem } from '~/data/problem';
import { expiry } from '~/data/session';
import { afterDrawing } from '~/ui/after-drawing';

import type { ArticleSession, State } from './article-session';
import { NEW, openSession } from './open-session';
import type { News } from './state-store';

export interface Opened {
  session: ArticleSession | null;
  problem: Problem | null;
  retry: () => void;
}

export function useArticleSession(id: string): Opened {
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState<{ session: ArticleSession | null; problem: Problem | null }>({
    session: null,
    problem: null,
  });
  const [attempt, setAttempt] = useState(0);
  const current = useRef<ArticleSession | null>(null);

  useEffect(() => {
    // A new article gets its own address once it is created: still the same session.
    const held = current.current?.get().article?.id;
    if (current.current && (held === id || (held === undefined && id === NEW))) return undefined;
    let isGone = false;
    setOpened({ session: null, problem: null });
    openSession(queryClient, id).then(
      (session) => {
        if (isGone) return session.dispose();
        current.current = session;
        setOpened({ session, problem: null });
      },
      (error: unknown) => {
        if (!isGone) setOpened({ session: null, problem: asProblem(error) });
      },
    );
    return () => {
      isGone = true;
    };
  }, [id, attempt, queryClient]);

  const { session } = opened;
  useEffect(() => {
    if (!session) return undefined;
    const again = () => void session.flush();
    const signedIn = () => {
      if (!expiry.get() && session.get().phase === 'expired') again();
    };
    // Whoever comes back to this window may have written in another one.
    const look = () => document.visibilityState === 'visible' && void session.refresh();
    window.addEventListener('online', again);
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    const release = expiry.subscribe(signedIn);
    return () => {
      window.removeEventListener('online', again);
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
      release();
    };
  }, [session]);

  return { ...opened, retry: () => setAttempt((count) => count + 1) };
}

const PAUSE = 300;

/** At once what changes by itself; the text at a pause; what else typing changes behind its letter. */
function atPauses(session: ArticleSession) {
  let shown = session.get();
  function subscribe(listener: () => void) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let callOff: (() => void) | undefined;
    function stop() {
      clearTimeout(timer);
      callOff?.();
      callOff = undefined;
    }
    function show() {
      stop();
      shown = session.get();
      listener();
    }
    function look(news: News) {
      if (news === 'changed') return show();
      if (news === 'begun') callOff ??= afterDrawing(show);
      clearTimeout(timer);
      timer = setTimeout(show, PAUSE);
    }
    shown = session.get();
    const release = session.subscribe(look);
    return () => {
      stop();
      release();
    };
  }
  return { subscribe, get: () => shown };
}

/** The editor shows each letter by itself: the page around it is not drawn anew for one. */
export function useSessionState(session: ArticleSession): State {
  const store = useMemo(() => atPauses(session), [session]);
  return useSyncExternalStore(store.subscribe, store.get);
}

/** One thing of the state, drawn in the moment it changes. Not of the text, which would be read for it. */
export function useAtOnce<T>(session: ArticleSession, pick: (state: State) => T): T {
  return useSyncExternalStore(session.subscribe, () => pick(session.glance()));
}

/** The same with the fields as they were at the last pause: another object when there is news. */
export function useSettled(state: State): State {
  const { article, conflict, isKeptLocally, phase, problem, version } = state;
  const [fields] = useDebouncedValue(state.fields, PAUSE);
  return useMemo(
    () => ({ article, conflict, fields, isKeptLocally, phase, problem, version }),
    [article, conflict, fields, isKeptLocally, phase, problem, version],
  );
}
