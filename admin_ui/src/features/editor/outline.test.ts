import { expect, it } from 'vitest';

import { headingsOf } from './outline';

it('finds headings and their lines, and none in code', () => {
  const text = '# One\r\n\r\n```sh\n# a comment\n```\n## *Two* [x](y) ##\n#no\n~~~\n```\n## no\n~~~\n### `Three`';
  expect(headingsOf(text)).toEqual([
    { level: 1, title: 'One', line: 1 },
    { level: 2, title: 'Two x', line: 6 },
    { level: 3, title: 'Three', line: 12 },
  ]);
});
