import { expect, it } from 'vitest';

import { joined, spliced } from './splices';
import type { Splice } from './splices';

it('makes each in the text that the one before left', () => {
  const splices: Splice[] = [
    [0, 3, 'Lontar'],
    [7, 0, 'leaf '],
    [11, 1, ''],
  ];
  expect(spliced('one two', splices)).toBe('Lontar leaftwo');
});

it('joins a word that is typed on, and letters that are taken back', () => {
  let kept: Splice[] = [[5, 2, 'p']];
  kept = joined(kept, [6, 0, 'a']);
  kept = joined(kept, [7, 0, 'ml']);
  kept = joined(kept, [8, 1, '']);
  kept = joined(kept, [5, 0, 'A ']);
  expect(kept).toEqual([[5, 2, 'A pam']]);
  expect(joined(kept, [10, 1, ''])).toHaveLength(2);
  expect(joined(kept, [0, 0, 'far '])).toHaveLength(2);
});

it('gives the same text joined or not, whatever is typed', () => {
  let seed = 7;
  const any = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const start = 'abcdefghijklmnop'.slice(0, any(17));
    let text = start;
    let kept: Splice[] = [];
    const all: Splice[] = [];
    for (let change = 0; change < 12; change += 1) {
      const at = any(text.length + 1);
      const next: Splice = [at, any(text.length - at + 1), 'XY\u{1F334}\n'.slice(0, any(6))];
      text = spliced(text, [next]);
      kept = joined(kept, next);
      all.push(next);
    }
    expect(spliced(start, all)).toBe(text);
    expect(spliced(start, kept)).toBe(text);
  }
});
