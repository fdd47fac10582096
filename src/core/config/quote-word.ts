/** The word as a POSIX shell reads it back, whatever it holds; plain words stay plain. It must not contain NUL. */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
