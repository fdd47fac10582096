import type { Problem } from './problem.ts';

/** `.tekton-ci.yml:3:7: message; expected …; instead (code)`: one line, whatever the file holds. */
export function formatProblem(problem: Problem, file: string): string {
  const { line, column, message, expected, instead, code } = problem;
  const parts = [message, expected && `expected ${expected}`, instead].filter(Boolean);
  return `${file}:${line}:${column}: ${parts.join('; ')} (${code})`.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
