import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

/** Reads one of a few words, in its exact spelling. */
export function oneOf<const Word extends string>(words: readonly Word[]): (text: string) => Reading<Word> {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return accept(word);
    const near = words.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    const message = `${quoted(text)} is not one of the possible values`;
    return near === undefined
      ? refuse('bad-value', message, { expected: expectedOf(words) })
      : refuse('bad-value', message, { instead: `write \`${near}\`` });
  };
}

/** "`pod` or `tasks`" */
export function expectedOf(words: readonly string[]): string {
  const named = words.map((word) => `\`${word}\``);
  return [named.slice(0, -1).join(', '), ...named.slice(-1)].filter(Boolean).join(' or ');
}
