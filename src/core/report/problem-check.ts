import { formatProblem } from '../config/format-problem.ts';
import type { Problem } from '../config/problem.ts';
import { CONFIG_FILE } from '../config/toolchain-files.ts';
import type { Annotation } from './check.ts';
import { cutBytes } from './cut-bytes.ts';
import { code, plain, table } from './markdown.ts';
import type { FinalReport } from './plain-output.ts';

/** GitHub takes 50 annotations a request: https://docs.github.com/en/rest/checks/runs */
const ANNOTATIONS = 50;
const SUMMARY_LIMIT = 65_535;

/**
 * What the check of an invalid config says: every problem in a table, and on its line of the file. `elsewhere`: the branch that the
 * config was read from; null for the commit itself, on whose lines alone GitHub can show anything.
 */
export function problemReport(problems: readonly Problem[], elsewhere: string | null = null): FinalReport {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const rows = problems.map((problem) => [
    `${problem.line}:${problem.column}`,
    problem.path === '' ? '' : code(problem.path),
    plain(sentence(problem)),
  ]);
  const advice = `Check the file before you push: ${code('npx tekton-ci lint')}`;
  const title = `${CONFIG_FILE}${elsewhere === null ? '' : ` of ${elsewhere}`} has ${count}`;
  return {
    conclusion: 'failure',
    output: {
      title,
      summary: cutBytes(`${table(['Line', 'Key', 'Problem'], rows)}\n\n${advice}`, SUMMARY_LIMIT),
      annotations: elsewhere === null ? problems.slice(0, ANNOTATIONS).map(annotation) : [],
    },
    page: { title, summary: problems.map((problem) => formatProblem(problem, CONFIG_FILE)).join('\n') },
  };
}

function annotation(problem: Problem): Annotation {
  const oneLine = problem.line === problem.endLine;
  return {
    path: CONFIG_FILE,
    startLine: problem.line,
    endLine: problem.endLine,
    ...(oneLine
      ? { startColumn: problem.column, endColumn: Math.max(problem.column, problem.endColumn) }
      : {}),
    level: 'failure',
    title: cutBytes(problem.path === '' ? problem.code : problem.path, 255),
    message: sentence(problem),
  };
}

function sentence({ message, expected, instead }: Problem): string {
  const parts = [message, expected === undefined ? [] : `expected ${expected}`, instead ?? []];
  return parts.flat().join('; ');
}
