import type { Problem } from '../core/config/problem.ts';

/**
 * The workflow command that makes GitHub Actions show a problem on its line.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message
 */
export function githubAnnotation(problem: Problem, file: string): string {
  const { line, column, endLine, endColumn, code, message, expected, instead } = problem;
  const properties = { file, line, col: column, endLine, endColumn, title: `tekton-ci: ${code}` };
  const sentence = [message, expected === undefined ? [] : `expected ${expected}`, instead ?? []]
    .flat()
    .join('; ');
  return `::error ${Object.entries(properties)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
    .join(',')}::${escapeData(sentence)}`;
}

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
