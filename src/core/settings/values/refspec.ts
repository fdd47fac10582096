import { accept, quoted, type Reading, refuse } from '../../config/finding.ts';

export const REFSPEC = 'a refspec such as `+refs/heads/main:refs/remotes/origin/main`';

/** What Git fetches besides the commit. https://git-scm.com/docs/git-fetch#Documentation/git-fetch.txt-refspec */
export function readRefspec(text: string): Reading<string> {
  return text.length <= 256 && /^[+^]?\w[\w./*@-]*(?::\w[\w./*@-]*)?$/.test(text) && !text.includes('..')
    ? accept(text)
    : refuse('bad-value', `${quoted(text)} is not a refspec`, { expected: REFSPEC });
}
