/** What was typed into a text, in pieces that are small whatever the text's length. */

/** At this place so many characters (UTF-16 code units) went, and these came. */
export type Splice = readonly [at: number, removed: number, inserted: string];

/** The text after all of them, each made in the text that the one before left. */
export function spliced(text: string, splices: readonly Splice[]): string {
  let result = text;
  for (const [at, removed, inserted] of splices) {
    result = result.slice(0, at) + inserted + result.slice(at + removed);
  }
  return result;
}

/** One more behind the others: a word that is typed on, or taken back letter by letter, stays one. */
export function joined(splices: readonly Splice[], next: Splice): Splice[] {
  const last = splices.at(-1);
  if (!last) return [next];
  const [at, removed, inserted] = last;
  const [nextAt, nextRemoved, nextInserted] = next;
  const isInside = nextAt >= at && nextAt + nextRemoved <= at + inserted.length;
  if (!isInside) return [...splices, next];
  const text = spliced(inserted, [[nextAt - at, nextRemoved, nextInserted]]);
  return [...splices.slice(0, -1), [at, removed, text]];
}
