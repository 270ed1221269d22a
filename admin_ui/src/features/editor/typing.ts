/** What an update of the editor did to the text as it is saved, with the line ends that it has there. */
import type { ChangeSet, EditorState, Text } from '@codemirror/state';

import type { Splice } from '~/data/splices';

interface Change {
  startState: EditorState;
  state: EditorState;
  changes: ChangeSet;
}

/** For the editor a line's end is one character; in the text it is as long as `lineBreak`. */
export function splicesOf({ startState, state, changes }: Change): Splice[] {
  const extra = state.lineBreak.length - 1;
  const ends = (doc: Text, at: number) => (extra === 0 ? 0 : extra * (doc.lineAt(at).number - 1));
  const found: Splice[] = [];
  changes.iterChanges((fromA, toA, fromB, _toB, inserted) => {
    const { doc } = startState;
    const removed = toA - fromA + ends(doc, toA) - ends(doc, fromA);
    const text = inserted.sliceString(0, inserted.length, state.lineBreak);
    // From the first to the last: what stands before a change is new already.
    found.push([fromB + ends(state.doc, fromB), removed, text]);
  });
  return found;
}
