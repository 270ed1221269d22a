import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';

import { spliced } from '~/data/splices';

import { separatorOf } from './line-ends';
import { splicesOf } from './typing';

const TEXTS = {
  'one kind of line end': 'one\ntwo\n\nthree',
  'the other kind': 'one\r\ntwo\r\n\r\nthree\r\n',
  'both kinds': 'one\r\ntwo\nthree\r\r\n',
  'no line end': 'palm',
  'nothing': '',
};

it.each(Object.entries(TEXTS))('gives the text that is saved: %s', (_, start) => {
  let seed = 11;
  const any = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const inserts = ['a', '', 'palm leaf', 'x\ny', '\n', '\u{1F334}'];
  for (let round = 0; round < 60; round += 1) {
    const separator = separatorOf(start);
    let state = EditorState.create({
      doc: start,
      extensions: [EditorState.lineSeparator.of(separator), EditorState.allowMultipleSelections.of(true)],
    });
    let text = start;
    for (let change = 0; change < 8; change += 1) {
      const places = [any(state.doc.length + 1), any(state.doc.length + 1), any(state.doc.length + 1)];
      const [first, second, third] = places.sort((one, other) => one - other) as [number, number, number];
      const insert = inserts[any(inserts.length)]!.replaceAll('\n', separator);
      const transaction = state.update({
        changes: [
          { from: first, to: second, insert },
          { from: third, insert: `${separator}z` },
        ],
      });
      text = spliced(text, splicesOf(transaction));
      ({ state } = transaction);
      expect(text).toBe(state.sliceDoc());
    }
  }
});
