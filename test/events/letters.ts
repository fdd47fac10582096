/** Commits have letters in tests, and 40 digits at GitHub. */
export function shaOf(letter: string): string {
  const digits = [...letter].map((character) => character.charCodeAt(0).toString(16)).join('');
  return digits.repeat(40).slice(0, 40);
}

/** The text with the letters of these commits for their ids, whole and short ones. */
export function withLetters(text: string, letters: Iterable<string>): string {
  let read = text;
  for (const letter of letters) {
    read = read.replaceAll(shaOf(letter), letter).replaceAll(shaOf(letter).slice(0, 7), letter);
  }
  return read;
}
