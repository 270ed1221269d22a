import { expect, it } from 'vitest';

import { changedPatterns } from './site-fields';

it('sends the patterns that differ, and null for those that were emptied', () => {
  const before = { article: { '*': '/articles/{slug}', id: '/artikel/{slug}' }, tag: { '*': '/t/{slug}' } };
  const after = { article: { '*': '/writing/{slug}', id: '' }, tag: { '*': '/t/{slug}' } };
  expect(changedPatterns(before, after)).toEqual({ article: { '*': '/writing/{slug}', id: null } });
});

it('sends nothing when nothing differs', () => {
  expect(changedPatterns({ page: { '*': '/{slug}' } }, { page: { '*': '/{slug}' } })).toEqual({});
});
