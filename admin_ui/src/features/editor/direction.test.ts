import { expect, test } from 'vitest';

import { isLeftward } from './direction';

test('a line runs as its first letter does', () => {
  expect(isLeftward('## مرحبا')).toBe(true);
  expect(isLeftward('שלום, reader')).toBe(true);
  expect(isLeftward('A reader says שלום')).toBe(false);
  expect(isLeftward('1. [مصدر](https://example.com)')).toBe(true);
  expect(isLeftward('数える مرحبا')).toBe(false);
});

test('the box of a task says nothing of its text', () => {
  expect(isLeftward('> - [x] مهمة')).toBe(true);
  expect(isLeftward('- [X] task')).toBe(false);
});

test('a line without letters says nothing', () => {
  for (const line of ['', '---', '1.', '12 + 3', '- [x] ']) expect(isLeftward(line)).toBeNull();
});
