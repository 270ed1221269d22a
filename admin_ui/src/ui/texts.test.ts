import { expect, it } from 'vitest';

import { fill } from './texts';
import type { Texts } from './texts';

const modules = import.meta.glob<Record<string, Texts<string>>>('../**/*texts.ts', { eager: true });
const dictionaries = Object.entries(modules).flatMap(([file, exported]) =>
  Object.values(exported).map((dictionary) => [file, dictionary] as const),
);
const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole);

it.each(dictionaries)('%s says everything in both languages', (_, { en, id }) => {
  expect(Object.keys(id).sort()).toEqual(Object.keys(en).sort());
  for (const [key, text] of Object.entries(en)) {
    expect(text.trim(), key).not.toBe('');
    expect(id[key]!.trim(), key).not.toBe('');
    expect(new Set(holes(id[key]!)), key).toEqual(new Set(holes(text)));
  }
});

it('finds the dictionaries at all', () => {
  expect(dictionaries.length).toBeGreaterThan(5);
});

it('chooses between one and many', () => {
  expect([fill('{n} word|{n} words', { n: 1 }), fill('{n} word|{n} words', { n: 0 })]).toEqual([
    '1 word',
    '0 words',
  ]);
});
