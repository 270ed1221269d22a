/** The first few of many words; how many more there are is said, too. */
export function few(words: readonly string[], most: number): string {
  const rest = words.length - most;
  return words.slice(0, most).join(', ') + (rest > 0 ? ` +${rest}` : '');
}
