/** Two versions of one thing and what both came from, put together field by field. */

export interface Merged<T> {
  /** Mine, with theirs where only they changed something. */
  merged: T;
  /** What both changed, differently. It is mine in `merged`. */
  conflicts: (keyof T & string)[];
}

type IsSame<T> = (name: keyof T & string, one: T, other: T) => boolean;

const isEqual = <T>(name: keyof T, one: T, other: T): boolean =>
  one[name] === other[name] || JSON.stringify(one[name]) === JSON.stringify(other[name]);

/** Whoever alone changed a field wins it; equal changes are no conflict. */
export function threeWay<T extends object>(
  base: T,
  mine: T,
  theirs: T,
  isSame: IsSame<T> = isEqual,
): Merged<T> {
  const merged = { ...mine };
  const conflicts: (keyof T & string)[] = [];
  for (const name of Object.keys(theirs) as (keyof T & string)[]) {
    if (isSame(name, mine, theirs)) continue;
    if (isSame(name, base, mine)) merged[name] = theirs[name];
    else if (!isSame(name, base, theirs)) conflicts.push(name);
  }
  return { merged, conflicts };
}
