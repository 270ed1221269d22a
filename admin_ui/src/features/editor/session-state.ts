/** What an article session shows to the page, and what it asks of the world. */
import type { ArticleAdmin, ArticleVerb, VerbDetail } from '~/data/articles';
import type { KeptText, LocalDraft } from '~/data/local-drafts';
import type { Problem } from '~/data/problem';
import type { Splice } from '~/data/splices';

import type { FieldName, Fields } from './fields';

export type Phase =
  | 'saved'
  | 'unsaved'
  | 'untitled' // kept here until it has a title, which the server needs
  | 'saving'
  | 'offline'
  | 'expired'
  | 'conflict'
  | 'refused';

export interface State {
  article: ArticleAdmin | null;
  fields: Fields;
  phase: Phase;
  problem: Problem | null;
  conflict: { theirs: ArticleAdmin; names: FieldName[] } | null;
  /** Rises when the text changed by something else than typing. */
  version: number;
  isKeptLocally: boolean;
}

/** What a session starts with, apart from its article. */
export const NOTHING = {
  phase: 'saved',
  problem: null,
  conflict: null,
  version: 0,
  isKeptLocally: true,
} as const;

export interface Ports {
  load: (id: string) => Promise<ArticleAdmin>;
  create: (body: { title: string } & Partial<Fields>, key: string) => Promise<ArticleAdmin>;
  update: (id: string, revision: number, body: object, isAutosave: boolean) => Promise<ArticleAdmin>;
  verb: (verb: ArticleVerb, id: string, revision: number, detail: VerbDetail) => Promise<ArticleAdmin>;
  keep: (id: string | null, draft: LocalDraft<Fields>) => boolean;
  /** What was typed since the last copy, added to it; false if a whole one is due. */
  keepTyped: (id: string | null, splices: readonly Splice[], savedAt: string) => boolean;
  forget: (id: string | null) => void;
  keepText: (id: string, text: KeptText) => void;
  setTimer: (act: () => void, ms: number) => unknown;
  clearTimer: (timer: unknown) => void;
  now: () => string;
}

/** Nothing is delivered before somebody decides, or has signed in. */
export const STUCK: ReadonlySet<Phase> = new Set<Phase>(['conflict', 'expired']);

export const writingPhase = ({ title }: Fields): Phase => (title.trim() ? 'unsaved' : 'untitled');

/** What a refusal means for somebody who writes; a newer version is another matter. */
export function phaseAfter(problem: Problem): Phase {
  if (problem.status === 401) return 'expired';
  return problem.isPassing ? 'offline' : 'refused';
}
