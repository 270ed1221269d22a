/** The copy on this device of everything that the server has not acknowledged yet. */
import { joined, spliced } from './splices';
import type { Splice } from './splices';

const PREFIX = 'lontar.draft.';
const BASE = 'lontar.base.';
const KEPT = 'lontar.kept.';
const TYPED = 'lontar.typed.';
const KEPT_PER_ARTICLE = 10;
/** Of what was typed since the copy; then the text is copied anew. */
const MOST_TYPED = { pieces: 100, characters: 4000 };

export interface LocalDraft<F> {
  /** The revision that `base` came from; null before the server knows the article. */
  revision: number | null;
  base: F;
  fields: F;
  /** Of a new article: makes a repeated creation harmless. */
  idempotencyKey: string;
  savedAt: string;
}

export interface KeptText {
  title: string;
  markdown: string;
  whose: 'mine' | 'theirs';
  keptAt: string;
}

/** As it lies there: the base, as long as the text and seldom another, has a place of its own. */
interface Stored<F> extends Omit<LocalDraft<F>, 'base'> {
  /** Of a copy that an earlier version of this page made. */
  base?: F;
  baseAt?: string;
  id?: string;
}

/** What was typed into a copy's text since it was made: small, where a whole copy is as long as the text. */
interface Typed {
  copy: string;
  splices: readonly Splice[];
  savedAt: string;
}

const place = (article: string | null, tab: string) => `${article ?? 'new'}.${tab}`;
/** What this page has written there last. */
const bases = new Map<string, { base: unknown; at: string }>();
const copies = new Map<string, { id: string; splices: readonly Splice[] }>();

/** Synchronous on purpose: when it returns, a crash no longer matters. False if there is no room. */
export function keepDraft<F>(
  storage: Storage,
  article: string | null,
  tab: string,
  { base, ...rest }: LocalDraft<F>,
): boolean {
  const at = place(article, tab);
  const known = bases.get(at);
  // Signing out in another tab clears all of it. Not `getItem`: that would copy the whole text.
  const isThere = known?.base === base && Object.hasOwn(storage, known.at);
  const baseAt = isThere ? known.at : `${BASE}${at}.${crypto.randomUUID()}`;
  const id = crypto.randomUUID();
  copies.delete(at); // what is typed after a copy that failed can't be added to the one before
  try {
    // Each crash in between leaves a copy beside the base that it was made on.
    if (!isThere) storage.setItem(baseAt, JSON.stringify(base));
    storage.setItem(PREFIX + at, JSON.stringify({ ...rest, baseAt, id } satisfies Stored<F>));
    storage.removeItem(TYPED + at);
  } catch {
    if (!isThere) storage.removeItem(baseAt);
    return false;
  }
  if (!isThere) {
    bases.set(at, { base, at: baseAt });
    forgetBases(storage, at, baseAt);
  }
  copies.set(at, { id, splices: [] });
  return true;
}

/** Synchronous too. False if there is no copy to add it to, no room, or so much that a new one is due. */
export function keepTyped(
  storage: Storage,
  article: string | null,
  tab: string,
  next: readonly Splice[],
  savedAt: string,
): boolean {
  const at = place(article, tab);
  const copy = copies.get(at);
  if (!copy || !Object.hasOwn(storage, PREFIX + at)) return false;
  const splices = next.reduce<readonly Splice[]>(joined, copy.splices);
  const characters = splices.reduce((sum, [, , inserted]) => sum + inserted.length, 0);
  if (splices.length > MOST_TYPED.pieces || characters > MOST_TYPED.characters) return false;
  try {
    storage.setItem(TYPED + at, JSON.stringify({ copy: copy.id, splices, savedAt } satisfies Typed));
  } catch {
    return false;
  }
  copy.splices = splices;
  return true;
}

export function forgetDraft(storage: Storage, article: string | null, tab: string): void {
  const at = place(article, tab);
  storage.removeItem(PREFIX + at);
  storage.removeItem(TYPED + at);
  forgetBases(storage, at);
  bases.delete(at);
  copies.delete(at);
}

function forgetBases(storage: Storage, at: string, kept = ''): void {
  for (const name of keysOf(storage)) {
    if (name.startsWith(`${BASE}${at}.`) && name !== kept) storage.removeItem(name);
  }
}

/** The copies of an article with the tabs that made them, the newest first. */
export function draftsOf<F extends { markdown: string }>(
  storage: Storage,
  article: string | null,
): { tab: string; draft: LocalDraft<F> }[] {
  const start = `${PREFIX}${article ?? 'new'}.`;
  return keysOf(storage)
    .filter((name) => name.startsWith(start))
    .flatMap((name) => {
      const stored = read<Stored<F>>(storage, name);
      if (!stored) return [];
      const { baseAt = '', id, ...rest } = stored;
      const base = stored.base ?? read<F>(storage, baseAt) ?? ({} as F);
      const typed = read<Typed>(storage, TYPED + name.slice(PREFIX.length));
      const draft = { ...rest, base };
      if (typed && typed.copy === id) {
        // What stands there of another copy was typed before this one.
        draft.fields = { ...draft.fields, markdown: spliced(draft.fields.markdown, typed.splices) };
        draft.savedAt = typed.savedAt;
      }
      return [{ tab: name.slice(start.length), draft }];
    })
    .sort((one, other) => other.draft.savedAt.localeCompare(one.draft.savedAt));
}

export function hasLocalDraft(storage: Storage, article: string): boolean {
  return keysOf(storage).some((name) => name.startsWith(`${PREFIX}${article}.`));
}

export function unsentTitles(storage: Storage): string[] {
  return keysOf(storage)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => read<Stored<{ title?: string }>>(storage, name)?.fields.title ?? '')
    .map((title) => (title.trim() === '' ? '–' : `“${title.trim()}”`));
}

/** The articles that have a copy here; null is one that the server has not heard of. */
export function unsentArticles(storage: Storage): (string | null)[] {
  const names = keysOf(storage).filter((name) => name.startsWith(PREFIX));
  const ids = new Set(names.map((name) => name.slice(PREFIX.length).split('.')[0]!));
  return [...ids].map((id) => (id === 'new' ? null : id));
}

/** The side of a conflict that was not chosen stays here, until ten newer ones of its article. */
export function keepText(storage: Storage, article: string, text: KeptText): void {
  const texts = [text, ...keptTexts(storage, article)].slice(0, KEPT_PER_ARTICLE);
  try {
    storage.setItem(KEPT + article, JSON.stringify(texts));
  } catch {
    storage.setItem(KEPT + article, JSON.stringify([text]));
  }
}

export function keptTexts(storage: Storage, article: string): KeptText[] {
  return read<KeptText[]>(storage, KEPT + article) ?? [];
}

function keysOf(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
}

function read<T>(storage: Storage, name: string): T | null {
  try {
    return JSON.parse(storage.getItem(name) ?? 'null') as T | null;
  } catch {
    return null;
  }
}
