import { expect, it } from 'vitest';

import { nameOf } from './user-agent';

it.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
    'Firefox 145, Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome 142, Android',
  ],
  ['', ''],
  ['deploy script of ours', 'deploy script of ours'],
])('names %s', (userAgent, name) => {
  expect(nameOf(userAgent)).toBe(name);
});
