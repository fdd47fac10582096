import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding } from '../finding.ts';
import { shell } from '../shell.ts';
import { explainKanikoError, type KanikoWork } from './kaniko-errors.ts';
import { readKanikoLine } from './kaniko-lines.ts';

const COMMANDS = /(?:^|[\s/])kaniko(?:\/executor)?\b/;
/** Of what a `RUN` prints. */
const MOST_LINES = 20;

const FAILED = /^error (?:building image|pushing image|checking push permissions): /;
/** What ended a process of a `RUN`. */
const EXIT = /: waiting for process to exit: (?<how>(?:exit status|signal): .{1,100}|exit status \d{1,3})$/;
const INSTRUCTION =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) /;
const UNPACKING = /^Unpacking rootfs as cmd (?<instruction>.*) requires it\.$/;
const RETRIEVING = 'Retrieving image manifest ';

/**
 * An image that cannot be built or pushed.
 *
 * @see https://github.com/osscontainertools/kaniko
 */
export const kaniko: FailureParser = {
  name: 'kaniko',
  commands: COMMANDS,
  start: () =>
    read(({ error, work, line }) =>
      EXIT.test(error) ? null : { kind: 'image', level: 'failure', line, ...explainKanikoError(error, work) },
    ),
};

/** A `RUN` that failed: what counts is what its program said, where that is understood. */
export const kanikoRun: FailureParser = {
  name: 'kaniko RUN',
  commands: COMMANDS,
  isLastResort: true,
  start: () => read(ofProcess),
};

interface Failed {
  readonly error: string;
  readonly work: KanikoWork;
  /** The last lines that the last process printed. */
  readonly printed: readonly string[];
  readonly line: number;
}

/** Kaniko's last words are its error: a process may have printed the same before. */
function read(explain: (failed: Failed) => Finding | null): Reading {
  let work: KanikoWork = { instruction: '', image: '' };
  let printed: string[] = [];
  let usage: { readonly error: string; readonly line: number } | null = null;
  let failed: Failed | null = null;
  const follow = (logged: string) => {
    const instruction =
      UNPACKING.exec(logged)?.groups?.instruction ?? (INSTRUCTION.test(logged) ? logged : undefined);
    if (instruction !== undefined) work = { ...work, instruction };
    else if (logged.startsWith(RETRIEVING)) work = { ...work, image: logged.slice(RETRIEVING.length) };
    printed = [];
  };
  return {
    line(text, line) {
      const logged = readKanikoLine(text);
      if (logged !== null) follow(logged);
      else if (text.startsWith('error ') && FAILED.test(text)) {
        failed = { error: text, work, printed: [...printed], line };
        keep(printed, text);
      } else if (text.startsWith('Error: ')) usage = { error: text.slice('Error: '.length), line };
      else if (text === '  executor [flags]' && usage !== null) failed = { ...usage, work, printed: [] };
      else keep(printed, text);
    },
    end() {
      const findings = collectFindings();
      const found = failed === null ? null : explain(failed);
      if (found !== null) findings.add(found);
      return findings.all();
    },
  };
}

function keep(lines: string[], text: string): void {
  lines.push(text);
  if (lines.length > 2 * MOST_LINES) lines.splice(0, MOST_LINES);
}

function ofProcess({ error, work, printed, line }: Failed): Finding | null {
  const how = EXIT.exec(error)?.groups?.how;
  if (how === undefined || isSaidByShell(printed)) return null;
  const name = `${work.instruction === '' ? 'RUN' : work.instruction}: ${how}`;
  return {
    kind: 'image',
    level: 'failure',
    name,
    message: printed.slice(-MOST_LINES).join('\n'),
    place: null,
    line,
  };
}

/** Then it is a finding already. */
function isSaidByShell(printed: readonly string[]): boolean {
  const reading = shell.start('');
  for (const [index, text] of printed.entries()) reading.line(text, index + 1);
  return reading.end().length > 0;
}
