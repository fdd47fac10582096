import { accept, quoted, type Reading, refuse } from '../finding.ts';

export const WEB_ADDRESS = 'a web address such as `https://api.example.com`';

/** An address that a check may link to: http or https, without credentials. */
export function readUrl(text: string): Reading<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  return isWeb && !/[\s\p{Cc}]/u.test(text) && text.length <= 1024
    ? accept(text)
    : refuse('bad-url', `${quoted(text)} is not a web address`, { expected: WEB_ADDRESS });
}
