/** Which line end a text is split at; whatever is not split stays where it is, inside the lines. */

/** One kind of line end is kept as the separator; a mixture stays as it is. */
export function separatorOf(text: string): '\n' | '\r\n' {
  const ends = text.match(/\r?\n/g) ?? [];
  return ends.length > 0 && ends.every((end) => end === '\r\n') ? '\r\n' : '\n';
}
