import { undo } from '@codemirror/commands';
import type { StateCommand } from '@codemirror/state';
import { insertNewlineContinueMarkupCommand } from '@codemirror/lang-markdown';
import { beforeEach, expect, it } from 'vitest';

import { leaveBlock } from './leave-block';
import { lift, nest } from './list-keys';
import { done, opened, shown, slowMachine } from './marked-text';
import { whenParsed } from './parsed';

beforeEach(slowMachine);

const onward = whenParsed(insertNewlineContinueMarkupCommand({ nonTightLists: false }));
const enter: StateCommand = (target) => leaveBlock(target) || onward(target);

const UNMOVED = ['- ‸one\n- two', '«- one\n- two»', '1. o‸ne', 'a\n\n- ‸', '> - o‸ne'];

it.each<[string, StateCommand, string, string]>([
  ['an empty item', nest, '- one\n- ‸', '- one\n  - ‸'],
  ['an item', nest, '- one\n- t‸wo\n- three', '- one\n  - t‸wo\n- three'],
  ['beside what the host holds', nest, '- one\n  - a\n- b‸', '- one\n  - a\n  - b‸'],
  ['joins a list of another kind', nest, '- one\n  1. a\n- b‸', '- one\n  1. a\n  2. b‸'],
  ['behind a list of another kind', nest, '* one\n- t‸wo', '* one\n  - t‸wo'],
  ['a number', nest, '1. one\n2. t‸wo\n3. three', '1. one\n   1. t‸wo\n2. three'],
  ['a number beside others', nest, '1. one\n   1. a\n2. b‸\n3. c', '1. one\n   1. a\n   2. b‸\n2. c'],
  ['all of them one', nest, '1. one\n1. t‸wo\n1. three', '1. one\n   1. t‸wo\n1. three'],
  ['a first number elsewhere', nest, '4. one\n5. t‸wo\n6. three', '4. one\n   1. t‸wo\n5. three'],
  ['numbers set in a little', nest, '1. a\n2. b‸\n 3. c', '1. a\n   1. b‸\n 2. c'],
  ['a task', nest, '- [ ] one\n- [x] t‸wo', '- [ ] one\n  - [x] t‸wo'],
  ['what it holds goes along', nest, '- a\n- b‸\n  - c\n\n    text\n- d', '- a\n  - b‸\n    - c\n\n      text\n- d'],
  ['from what it holds', nest, '- a\n- b\n\n  te‸xt\n', '- a\n  - b\n\n    te‸xt\n'],
  ['code it holds', nest, '- a\n- b‸\n  ```\n  x\n  \ty\n  ```', '- a\n  - b‸\n    ```\n    x\n      y\n    ```'],
  ['several', nest, '- a\n- «b\n- c»\n- d', '- a\n  - «b\n  - c»\n- d'],
  ['several with what they hold', nest, '- a\n«- b\n  - c\n- d»', '- a\n  «- b\n    - c\n  - d»'],
  ['several numbers', nest, '1. a\n2. «b\n3. c»\n4. d', '1. a\n   1. «b\n   2. c»\n2. d'],
  ['not the line that only its end touches', nest, '- a\n«- b\n»- c', '- a\n  «- b\n»- c'],
  ['in a quote', nest, '> - a\n> - b‸\n>   c', '> - a\n>   - b‸\n>     c'],
  ['in a quote with a list inside', nest, '> 1. a\n>    - x\n> 2. b‸\n> 3. c', '> 1. a\n>    - x\n>    - b‸\n> 2. c'],
  ['a ten becomes a nine', nest, '8. a\n9. b‸\n10. c\n    - d', '8. a\n   1. b‸\n9. c\n   - d'],
  ['in a list that is held', nest, '- a\n  - b\n  - c‸', '- a\n  - b\n    - c‸'],
  ['a lazy line', nest, '- a\n- b‸\nlazy', '- a\n  - b‸\n  lazy'],
  ['out', lift, '- one\n  - t‸wo', '- one\n- t‸wo'],
  ['out, what it holds too', lift, '- a\n  - b‸\n    - c\n\n      text', '- a\n- b‸\n  - c\n\n    text'],
  ['out, and those behind are held', lift, '- a\n  - b‸\n  - c', '- a\n- b‸\n  - c'],
  ['out of numbers', lift, '1. a\n   1. b‸\n   2. c\n2. d', '1. a\n2. b‸\n   1. c\n3. d'],
  ['out of nine', lift, '9. a\n   1. b‸\n   2. c\n10. d', '9. a\n10. b‸\n    1. c\n11. d'],
  ['out into another kind', lift, '- a\n  1. b‸\n  2. c', '- a\n- b‸\n  1. c'],
  ['out in a quote', lift, '> 1. a\n>    1. b‸\n>    2. c\n> 2. d', '> 1. a\n> 2. b‸\n>    1. c\n> 3. d'],
  ['several out', lift, '- a\n  - «b\n  - c»', '- a\n- «b\n- c»'],
  ['out of a quote no further', lift, '> - a\n>   - b‸', '> - a\n> - b‸'],
  ['out by a tab', lift, '- a\n\t- b‸\n\t  c', '- a\n- b‸\n  c'],
  ...UNMOVED.map((text): [string, StateCommand, string, string] => [`stays: ${text}`, nest, text, text]),
  ['stays: outermost', lift, '- one\n- t‸wo', '- one\n- t‸wo'],

  ['Enter leaves a list', enter, '- one\n- two\n- ‸', '- one\n- two\n\n‸'],
  ['Enter leaves a single item', enter, '- one\n- ‸', '- one\n\n‸'],
  ['Enter leaves numbers', enter, 'x\n\n1. one\n2. ‸\n\ny', 'x\n\n1. one\n\n‸\n\ny'],
  ['Enter leaves tasks', enter, '- [x] one\n- [ ] ‸', '- [x] one\n\n‸'],
  ['Enter leaves a loose list', enter, '- one\n\n- ‸', '- one\n\n‸'],
  ['Enter in the middle', enter, '1. one\n2. ‸\n3. three\n4. four', '1. one\n\n‸\n\n2. three\n3. four'],
  ['Enter in a list of nothing', enter, 'a\n\n- ‸', 'a\n\n‸'],
  ['Enter in a list in a quote', enter, '> - one\n> - ‸', '> - one\n>\n> ‸'],
  ['Enter in a quote in the middle', enter, '> 1. a\n> 2. ‸\n> 3. c', '> 1. a\n>\n> ‸\n>\n> 2. c'],
  ['Enter lifts first', enter, '- one\n  - two\n  - ‸', '- one\n  - two\n- ‸'],
  ['Enter lifts a number', enter, '1. one\n   1. two\n   2. ‸\n2. three', '1. one\n   1. two\n2. ‸\n3. three'],
  ['Enter goes on', enter, '- one‸', '- one\n- ‸'],
  ['Enter leaves a quote', enter, '> a\n> ‸', '> a\n\n‸'],
  ['Enter leaves a quote with its blank line', enter, '> a\n>\n> ‸', '> a\n\n‸'],
  ['Enter leaves an empty quote', enter, 'a\n\n> ‸', 'a\n\n‸'],
  ['Enter leaves the inner quote', enter, '> > a\n> > ‸', '> > a\n>\n> ‸'],
  ['Enter leaves a quote in the middle', enter, '> a\n> ‸\n> b', '> a\n\n‸\n\n> b'],
  ['Enter leaves a quote in an item', enter, '- a\n  > q\n  > ‸', '- a\n  > q\n\n  ‸'],
  ['Enter goes on in a quote', enter, '> a‸', '> a\n> ‸'],
])('%s', (_, command, before, expected) => {
  for (const lineBreak of ['\n', '\r\n']) {
    const state = opened(before, lineBreak);
    const after = done(state, command)!;
    expect(shown(after)).toBe(expected);
    if (before !== expected) expect(shown(done(after, undo)!)).toBe(before);
  }
});

it.each(['pl‸ain', 'a\n\n‸', '- one\n\npl‸ain', '```\n- o‸ne\n```', '# h‸'])('Tab leaves %s', (text) => {
  expect(done(opened(text, '\n'), nest)).toBeNull();
  expect(done(opened(text, '\n'), lift)).toBeNull();
});

it.each(['pl‸ain', '```\n- ‸\n```', '```\n> ‸\n```', '> ```\n> ‸\n> ```', '---‸'])('nothing to leave in %s', (text) => {
  expect(done(opened(text, '\n'), leaveBlock)).toBeNull();
});

it('nesting is one step to take back, with a letter right behind it', () => {
  let state = done(opened('- one\n- ‸', '\n'), nest)!;
  const at = state.selection.main.head;
  const letter = { changes: { from: at, insert: 'x' }, selection: { anchor: at + 1 }, userEvent: 'input.type' };
  ({ state } = state.update(letter));
  expect(shown(state)).toBe('- one\n  - x‸');
  state = done(state, undo)!;
  expect(shown(state)).toBe('- one\n  - ‸');
  expect(shown(done(state, undo)!)).toBe('- one\n- ‸');
});

it('whatever is nested and lifted, each line keeps its words and a mark, in every kind of line end', () => {
  let seed = 7;
  const any = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return Math.floor((seed / 2_147_483_647) * below);
  };
  const marks = ['- ', '1. ', '2. ', '10. ', '- [ ] ', '', '> - '];
  // Every mark counts, though not which it is, nor how far in it stands.
  const words = (text: string) =>
    text.replace(/^[ \t]*(> ?)?[ \t]*((?:[-*+]|\d+[.)]) )?/gm, (_, quote?: string, mark?: string) => {
      return `${quote ? '>' : ''}${mark ? 'M' : ''}`;
    });
  for (let round = 0; round < 150; round += 1) {
    const lines = Array.from({ length: 8 }, (_, index) => {
      return any(8) === 0 ? '' : `${' '.repeat(any(4) * 2)}${marks[any(marks.length)]!}word ${index}`;
    });
    const from = any(lines.length);
    lines[from] = `‸${lines[from]!}`;
    for (const command of [nest, lift]) {
      const [plain, other] = ['\n', '\r\n'].map((lineBreak) => {
        const state = opened(lines.join('\n'), lineBreak);
        const after = done(state, command) ?? state;
        expect(words(after.doc.toString())).toBe(words(state.doc.toString()));
        return shown(after);
      });
      expect(other).toBe(plain);
    }
  }
});
