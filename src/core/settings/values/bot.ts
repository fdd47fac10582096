import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

export const BOT = 'the login of an account, such as `renovate[bot]`';
export const BOT_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,61}(?:\\[bot\\])?$';

/** A login of GitHub, in lower case: letters of either case are the same there. */
export function readBot(text: string): Reading<string> {
  return new RegExp(BOT_PATTERN).test(text)
    ? accept(text.toLowerCase())
    : refuse('bad-name', `${quoted(text)} is not a login of GitHub`, { expected: BOT });
}
