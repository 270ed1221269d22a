import { EditorState } from '@codemirror/state';
import { describe, expect, it } from 'vitest';

import { changesTo } from './arriving';

/** Where a cursor is behind the change, and the text. */
function after(mine: string, theirs: string, cursor = 0) {
  const state = EditorState.create({ doc: mine, selection: { anchor: cursor } });
  const { state: now } = state.update({ changes: changesTo(mine, theirs) });
  return { text: now.doc.toString(), cursor: now.selection.main.head };
}

describe('a text that arrives', () => {
  it('becomes the other one, whatever they are', () => {
    let seed = 7;
    const next = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const some = () => Array.from({ length: next(9) }, () => 'ab\n'[next(3)]).join('');
    for (let round = 0; round < 4000; round += 1) {
      const [mine, theirs] = [some(), some()];
      expect(after(mine, theirs).text).toBe(theirs);
    }
  });

  it('leaves the cursor at its letter when lines around it change', () => {
    const mine = 'first\nsecond\nthird';
    const theirs = 'before\nfirst\nsecond!\nlast';
    expect(after(mine, theirs, 'first\nsec'.length).cursor).toBe('before\nfirst\nsec'.length);
    expect(after(mine, theirs, 'fir'.length).cursor).toBe('before\nfir'.length);
    expect(after('gone\nkept', 'kept', 'gone\nke'.length).cursor).toBe('ke'.length);
  });

  it('says nothing where nothing differs', () => {
    expect(changesTo('a\nb\n', 'a\nb\n')).toEqual([]);
  });
});
