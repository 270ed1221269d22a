import { beforeEach, expect, it } from 'vitest';

import {
  draftsOf,
  forgetDraft,
  hasLocalDraft,
  keepDraft,
  keepText,
  keepTyped,
  keptTexts,
  unsentTitles,
} from './local-drafts';

let room: number;
let writes: string[];
/** Its items are its own properties, as in a browser. */
const storage = Object.create({
  get length() {
    return Object.keys(storage).length;
  },
  key: (index: number) => Object.keys(storage)[index] ?? null,
  getItem: (name: string) => (Object.hasOwn(storage, name) ? storage[name] : null) as string | null,
  setItem: (name: string, value: string) => {
    if (value.length > room) throw new DOMException('full', 'QuotaExceededError');
    writes.push(name.slice(0, 'lontar.base'.length));
    Object.defineProperty(storage, name, { value, enumerable: true, configurable: true });
  },
  removeItem: (name: string) => delete storage[name],
}) as Storage;
const draft = (title: string, savedAt = '1') => {
  const fields = { title, markdown: 'text' };
  return { revision: 1, base: fields, fields, idempotencyKey: 'k', savedAt };
};

beforeEach(() => {
  for (const name of Object.keys(storage)) storage.removeItem(name);
  room = Infinity;
  writes = [];
});

it('finds the copies of one article by tab, newest first', () => {
  keepDraft(storage, 'a', 'tab1', draft('old', '1'));
  keepDraft(storage, 'a', 'tab2', draft('young', '2'));
  keepDraft(storage, 'b', 'tab1', draft('other'));
  expect(draftsOf(storage, 'a').map(({ tab }) => tab)).toEqual(['tab2', 'tab1']);
  forgetDraft(storage, 'a', 'tab2');
  expect(hasLocalDraft(storage, 'a')).toBe(true);
  expect(unsentTitles(storage)).toEqual(['“old”', '“other”']);
});

it('says when there is no room', () => {
  room = 10;
  expect(keepDraft(storage, 'a', 'tab1', draft('long'))).toBe(false);
});

it('writes the base once, and another one beside it before the copy that needs it', () => {
  const first = draft('first');
  keepDraft(storage, 'a', 'tab1', first);
  keepDraft(storage, 'a', 'tab1', { ...first, fields: { title: 'typed', markdown: '' } });
  expect(writes).toEqual(['lontar.base', 'lontar.draf', 'lontar.draf']);
  const second = { ...draft('second'), revision: 2 };
  keepDraft(storage, 'a', 'tab1', second);
  expect(writes.slice(3)).toEqual(['lontar.base', 'lontar.draf']);
  expect(draftsOf(storage, 'a')).toEqual([{ tab: 'tab1', draft: second }]);
  expect(storage.length).toBe(2);
  forgetDraft(storage, 'a', 'tab1');
  expect(storage.length).toBe(0);
});

it('keeps the copy with its own base when there is no room for the next', () => {
  const first = draft('first');
  keepDraft(storage, 'a', 'tab1', first);
  room = 150;
  const second = { ...draft('second'), base: { title: 'second', markdown: '' }, idempotencyKey: 'k'.repeat(150) };
  expect(keepDraft(storage, 'a', 'tab1', second)).toBe(false);
  expect(draftsOf(storage, 'a')).toEqual([{ tab: 'tab1', draft: first }]);
  expect(storage.length).toBe(2);
});

it('writes a base again that somebody took away', () => {
  const first = draft('first');
  keepDraft(storage, 'a', 'tab1', first);
  for (const name of Object.keys(storage)) storage.removeItem(name);
  keepDraft(storage, 'a', 'tab1', first);
  expect(draftsOf(storage, 'a')).toEqual([{ tab: 'tab1', draft: first }]);
});

it('reads a copy that an earlier version made', () => {
  storage.setItem('lontar.draft.a.tab1', JSON.stringify(draft('old')));
  expect(draftsOf(storage, 'a')).toEqual([{ tab: 'tab1', draft: draft('old') }]);
});

const textOf = (article = 'a') => draftsOf<{ title: string; markdown: string }>(storage, article)[0]?.draft.fields.markdown;

it('adds what is typed to the copy without writing the text again', () => {
  expect(keepTyped(storage, 'a', 'tab1', [[0, 0, 'x']], '1')).toBe(false);
  keepDraft(storage, 'a', 'tab1', draft('long'));
  writes = [];
  expect(keepTyped(storage, 'a', 'tab1', [[4, 0, ' a']], '2')).toBe(true);
  expect(keepTyped(storage, 'a', 'tab1', [[6, 0, 'b'], [0, 1, 'T']], '3')).toBe(true);
  expect(writes).toEqual(['lontar.type', 'lontar.type']);
  expect(draftsOf(storage, 'a')[0]?.draft).toMatchObject({ savedAt: '3', fields: { markdown: 'Text ab' } });
});

it('does not take what was typed into one copy for what was typed into the next', () => {
  keepDraft(storage, 'a', 'tab1', draft('one'));
  keepTyped(storage, 'a', 'tab1', [[0, 4, 'typed']], '2');
  const typed = storage.getItem('lontar.typed.a.tab1')!;
  keepDraft(storage, 'a', 'tab1', draft('two'));
  storage.setItem('lontar.typed.a.tab1', typed); // a crash between the two
  expect(textOf()).toBe('text');
  keepTyped(storage, 'a', 'tab1', [[0, 0, 'new ']], '3');
  expect(textOf()).toBe('new text');
});

it('asks for a whole copy where nothing can be added', () => {
  keepDraft(storage, 'a', 'tab1', draft('one'));
  expect(keepTyped(storage, 'a', 'tab1', [[0, 0, 'x'.repeat(5000)]], '2')).toBe(false);
  // In two places by turns: no two of them become one.
  for (let at = 0; at < 100; at += 1) keepTyped(storage, 'a', 'tab1', [[at % 2 === 0 ? 0 : 2, 0, 'x']], '2');
  expect(textOf()).toBe(`${'x'.repeat(99)}txext`);
  expect(keepTyped(storage, 'a', 'tab1', [[0, 0, 'x']], '2')).toBe(false);
  for (const name of Object.keys(storage)) storage.removeItem(name); // signed out elsewhere
  expect(keepTyped(storage, 'a', 'tab1', [[0, 0, 'x']], '2')).toBe(false);
  expect(storage.length).toBe(0);
});

it('adds nothing to a copy once a newer one had no room', () => {
  keepDraft(storage, 'a', 'tab1', draft('one'));
  room = 20;
  expect(keepTyped(storage, 'a', 'tab1', [[0, 0, 'x']], '2')).toBe(false);
  expect(keepDraft(storage, 'a', 'tab1', draft('two'))).toBe(false);
  room = Infinity;
  expect(keepTyped(storage, 'a', 'tab1', [[5, 0, 'y']], '3')).toBe(false);
  expect(textOf()).toBe('text');
});

it('forgets what was typed with the copy', () => {
  keepDraft(storage, 'a', 'tab1', draft('one'));
  keepTyped(storage, 'a', 'tab1', [[0, 0, 'x']], '2');
  forgetDraft(storage, 'a', 'tab1');
  expect(storage.length).toBe(0);
});

it('passes over what it can not read', () => {
  storage.setItem('lontar.draft.a.tab1', '{broken');
  expect(draftsOf(storage, 'a')).toEqual([]);
});

it('keeps the ten newest texts that lost a conflict', () => {
  for (let n = 0; n < 12; n += 1) {
    keepText(storage, 'a', { title: '', markdown: String(n), whose: 'mine', keptAt: '' });
  }
  expect(keptTexts(storage, 'a').map((text) => text.markdown)).toEqual(
    Array.from({ length: 10 }, (_, index) => String(11 - index)),
  );
});
