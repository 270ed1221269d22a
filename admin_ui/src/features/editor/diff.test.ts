import { expect, it } from 'vitest';

import { diffLines } from './diff';

const shown = (mine: string, theirs: string) =>
  diffLines(mine, theirs).map(({ kind, text }) => `${{ same: ' ', mine: '+', theirs: '-' }[kind]}${text}`);

it('shows what each side has of its own', () => {
  expect(shown('a\nb\nc', 'a\nx\nc')).toEqual([' a', '+b', '-x', ' c']);
});

it('finds a line that moved nothing but itself in', () => {
  expect(shown('a\nc', 'a\nb\nc')).toEqual([' a', '-b', ' c']);
});

it('gives both texts back whole, whatever they are', () => {
  const mine = 'x\n\ny\nz\n'.repeat(40);
  const theirs = 'x\ny\n\nq\n'.repeat(37);
  const lines = diffLines(mine, theirs);
  const side = (whose: string) =>
    lines.filter(({ kind }) => kind === 'same' || kind === whose).map(({ text }) => text).join('\n');
  expect(side('mine')).toBe(mine);
  expect(side('theirs')).toBe(theirs);
});
