import { beforeEach, expect, it } from 'vitest';

import { draftsOf, forgetDraft, hasLocalDraft, keepDraft, keepText, keptTexts, unsentTitles } from './local-drafts';

let items: Map<string, string>;
let room: number;
const storage = {
  get length() {
    return items.size;
  },
  key: (index: number) => [...items.keys()][index] ?? null,
  getItem: (name: string) => items.get(name) ?? null,
  setItem: (name: string, value: string) => {
    if (value.length > room) throw new DOMException('full', 'QuotaExceededError');
    items.set(name, value);
  },
  removeItem: (name: string) => items.delete(name),
  clear: () => items.clear(),
} as unknown as Storage;
const draft = (title: string, savedAt = '1') => {
  const fields = { title, markdown: 'text' };
  return { revision: 1, base: fields, fields, idempotencyKey: 'k', savedAt };
};

beforeEach(() => {
  items = new Map();
  room = Infinity;
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

it('passes over what it can not read', () => {
  items.set('lontar.draft.a.tab1', '{broken');
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
