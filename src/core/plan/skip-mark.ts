const MARKS: readonly { readonly pattern: RegExp; readonly text: string }[] = [
  { pattern: /\[skip ci\]/i, text: '[skip ci]' },
  { pattern: /\[ci skip\]/i, text: '[ci skip]' },
  { pattern: /^skip-checks:\s*true\s*$/im, text: 'skip-checks: true' },
];

/**
 * The mark in a commit message that asks for no checks, or null.
 * A part of GitHub's own marks: https://docs.github.com/en/actions/how-tos/manage-workflow-runs/skip-workflow-runs
 */
export function skipMark(message: string): string | null {
  return MARKS.find(({ pattern }) => pattern.test(message))?.text ?? null;
}
