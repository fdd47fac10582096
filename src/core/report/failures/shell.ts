import { collectFindings } from './collect-findings.ts';
import type { FailureParser, Reading } from './failure-parser.ts';
import type { Place } from './finding.ts';

/** Only what is said last can have ended a command. */
const MOST_KEPT = 3;

/** What shells and the C library say; few lines hold one of these. */
const WORDS =
  /(?:command not found(?:: \S{1,200})?|not found|No such file or directory|Permission denied|[sS]yntax error.{0,300}|unbound variable|parameter not set|cannot execute.{0,100}|bad interpreter.{0,100}|Not a directory|Is a directory|No space left on device|Argument list too long|Exec format error|Text file busy)$/;
/** dash and busybox: `x.sh: 1: eval: node: not found`, `sh: node: not found`; without them, anything may be not found. */
const NOT_FOUND =
  /(?:^(?:\S{0,200}\/)?(?:sh|ash|dash|env)|: (?:line )?\d{1,6}|: eval): [^:]{1,200}: not found$|command not found$|: cannot execute: /;
/** bash: `x.sh: line 4: `, `x.sh: eval: line 4: `; dash: `x.sh: 4: `, `x.sh: 4: eval: `; tools: `cat: ` */
const SHELL =
  /^(?<who>[^\s:][^:]{0,300}?)(?:: eval)?(?:: (?:line )?(?<line>\d{1,6}))?(?:: eval)?: (?<text>.{1,500})$/;
/** `Killed`, `x.sh: line 52: 11411 Killed                  node build.js` */
const KILLED =
  /^(?:(?<who>[^:]{1,300}): line (?<line>\d{1,6}): +\d{1,10} )?(?<how>Killed|Segmentation fault|Aborted|Bus error|Illegal instruction|Terminated)(?: \(core dumped\))?(?: +(?<command>\S.{0,500}))?$/;
const MAKE = /^make(?:\[\d{1,3}\])?: \*\*\* (?<text>No rule to make target .{1,300}?)\.?(?: {2}Stop\.)?$/;

/**
 * What a shell says of a command that it cannot run; many tools say the same of files. The last words count.
 *
 * @see https://www.gnu.org/software/bash/manual/bash.html#Exit-Status
 */
export const shell: FailureParser = {
  name: 'shell',
  commands: /(?!)/,
  isLastResort: true,
  start,
};

interface Said {
  readonly name: string;
  readonly message: string;
  readonly place: Place | null;
}

function start(): Reading {
  const said: (Said & { readonly line: number })[] = [];
  return {
    line(text, number) {
      const found = readShellLine(text);
      if (found === null || said.some(({ message }) => message === found.message)) return;
      said.push({ ...found, line: number });
      if (said.length > MOST_KEPT) said.shift();
    },
    end() {
      const findings = collectFindings();
      for (const one of said) findings.add({ kind: 'command', ...one });
      return findings.all();
    },
  };
}

/** Null for nearly all lines. */
function readShellLine(text: string): Said | null {
  if (text.length > 1000) return null;
  const isKilled = KILLED.test(text);
  if (isKilled) return readKilled(text);
  const rule = text.startsWith('make') ? MAKE.exec(text)?.groups?.text : undefined;
  if (rule !== undefined) return { name: rule, message: text, place: null };
  if (!WORDS.test(text)) return null;
  if (text.endsWith(' not found') && !NOT_FOUND.test(text)) return null;
  const found = SHELL.exec(text)?.groups;
  if (found?.text === undefined) return null;
  return { name: found.text, message: text, place: placeOf(found.who, found.line) };
}

function readKilled(text: string): Said | null {
  const found = KILLED.exec(text)?.groups;
  if (found?.how === undefined) return null;
  const name = found.command === undefined ? found.how : `${found.how}: ${found.command}`;
  return { name, message: text, place: placeOf(found.who, found.line) };
}

/** A line of a script in the repository; the step's own script is of no use to anyone. */
function placeOf(who: string | undefined, line: string | undefined): Place | null {
  if (who === undefined || line === undefined || /\/scripts\/script-[^/]*$/.test(who)) return null;
  return /[/.]/.test(who) ? { path: who, line: Number(line) } : null;
}
