import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

export const GENERATION = 'a word such as `2` or `2026-11`';
export const GENERATION_PATTERN = '^[A-Za-z0-9._-]{1,63}$';

/** A word that makes links different from those of before. */
export function readGeneration(text: string): Reading<string> {
  if (new RegExp(GENERATION_PATTERN).test(text)) return accept(text);
  return refuse('bad-value', `${quoted(text)} is not a word of letters, digits, \`.\`, \`_\` and \`-\``, {
    expected: GENERATION,
  });
}
