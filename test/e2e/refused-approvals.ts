import { approveWords } from './fork-world.ts';

/** A stranger's pull request that was pushed to: the commit that somebody looked at, and the newest. */
export interface PushedTo {
  readonly older: string;
  readonly sha: string;
}

/** Of what, words, who says them, and the answer. `octo` may write, `tina` may triage, `mona` is the author, `nora` is nobody. */
export const REFUSED: readonly [string, (pull: PushedTo) => string, string, RegExp][] = [
  ['of an older commit', ({ older }) => approveWords(older), 'octo', /newer commit/],
  ['of a short id', ({ sha }) => approveWords(sha.slice(0, 12)), 'octo', /all 40 digits/],
  ['of no commit', () => '/tekton-ci approve', 'octo', /all 40 digits/],
  ['of the author', ({ sha }) => approveWords(sha), 'mona', /Only people with write access/],
  ['of somebody with triage access', ({ sha }) => approveWords(sha), 'tina', /Only people with write access/],
  ['of a passer-by', ({ sha }) => approveWords(sha), 'nora', /Only people with write access/],
];

/** Of what, words, and who says them: there is no answer, and GitHub is not even asked. */
export const UNHEARD: readonly [string, (pull: PushedTo) => string, string][] = [
  ['by a bot', ({ sha }) => approveWords(sha), 'helper[bot]'],
  ['in a quotation', ({ sha }) => `> ${approveWords(sha)}`, 'octo'],
  ['in a code block', ({ sha }) => `\`\`\`\n${approveWords(sha)}\n\`\`\``, 'octo'],
  ['in the middle of a sentence', ({ sha }) => `I would say ${approveWords(sha)}`, 'octo'],
];
