import { collectFindings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { NPM_SCRIPTS } from './npm-scripts.ts';
import { readTscLine, type TscLine } from './tsc-lines.ts';

/** Errors that are remembered, for they are told again by each project that includes the file. */
const MOST_ERRORS = 2000;
const BELOW = /^ {2,40}\S/;
const UNDERLINE = /^ {0,1000}~{1,1000}$/;

/**
 * TypeScript's compiler, `tsc --build`, vue-tsc and what prints as they do, with and without `--pretty`.
 *
 * @see https://www.typescriptlang.org/docs/handbook/compiler-options.html
 */
export const tsc: FailureParser = {
  name: 'tsc',
  commands: new RegExp(`\\b(?:tsc|tsgo|vue-tsc)\\b|${NPM_SCRIPTS}`),
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const told = new Set<string>();
  let open: OpenFinding | null = null;
  /** The line of code that `--pretty` shows. */
  let code: string | null = null;

  const begin = (error: TscLine, line: number) => {
    const { level, text, place } = error;
    const name = `${error.code}: ${text}`;
    const key = `${place?.path}:${place?.line}:${place?.column} ${name}`;
    open = null;
    code = null;
    if (told.has(key)) return;
    if (told.size < MOST_ERRORS) told.add(key);
    open = findings.add({ kind: 'compile', level, name, place, line });
  };
  const more = (finding: OpenFinding, text: string) => {
    if (/^\d{1,7} /.test(text)) code = text;
    else if (code !== null && UNDERLINE.test(text)) finding.say(`> ${code}`);
    else if (code === null && BELOW.test(text)) finding.say(text.slice(2));
    else if (text !== '') open = null;
  };
  return {
    line(text, number) {
      const error = readTscLine(text);
      if (error !== null) begin(error, number);
      else if (open !== null) more(open, text);
    },
    end: findings.all,
  };
}
