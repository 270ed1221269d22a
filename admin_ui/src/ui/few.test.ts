import { expect, it } from 'vitest';

import { few } from './few';

it('says how many more there are', () => {
  expect(few(['a', 'b', 'c', 'd', 'e'], 3)).toBe('a, b, c +2');
  expect(few(['a', 'b', 'c'], 3)).toBe('a, b, c');
  expect(few([], 3)).toBe('');
});
