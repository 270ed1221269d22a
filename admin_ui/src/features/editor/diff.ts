/** A line diff for people to compare two texts: longest common subsequence, within reason. */

export interface Line {
  kind: 'same' | 'mine' | 'theirs';
  text: string;
}

/** Beyond this many cells a table would cost too much: the middle is then shown as two blocks. */
const MOST_CELLS = 4_000_000;

export function diffLines(mine: string, theirs: string): Line[] {
  const a = mine.split('\n');
  const b = theirs.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1;
  }
  const same = (texts: string[]): Line[] => texts.map((text) => ({ kind: 'same', text }));
  return [
    ...same(a.slice(0, start)),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

function middle(a: string[], b: string[]): Line[] {
  const mine = (text: string): Line => ({ kind: 'mine', text });
  const theirs = (text: string): Line => ({ kind: 'theirs', text });
  if (a.length * b.length > MOST_CELLS) return [...a.map(mine), ...b.map(theirs)];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ kind: 'same', text: a[i]! });
      [i, j] = [i + 1, j + 1];
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) {
      lines.push(mine(a[i]!));
      i += 1;
    } else {
      lines.push(theirs(b[j]!));
      j += 1;
    }
  }
  return [...lines, ...a.slice(i).map(mine), ...b.slice(j).map(theirs)];
}
