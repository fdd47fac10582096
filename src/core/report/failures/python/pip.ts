import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import { createPythonTraceback } from './python-traceback.ts';

/** `ERROR: ` begins what many programs say; those are pip's own words. */
const PIP_ERROR =
  /^(?:ERROR|error): (?<text>(?:Could not (?:find a version|install packages|open requirements|build wheels|detect)|No matching distribution|Cannot install|Can not |THESE PACKAGES|Hashes are required|In --require-hashes|Invalid requirement|Package '|Ignored the following|Directory '|File ".{1,500}" |Failed (?:to build|building)|HTTP error \d|Exception:|You must give|externally-managed|.{1,200} is not a (?:supported wheel|valid)|Wheel |Requested |Double requirement|Cannot uninstall).*)$/;
/** A package's own build failed. */
const STEP = /^ {0,4}× (?<text>.{1,500} did not run successfully\.)$/;
const OUTPUT = /^ {0,6}╰─> \[\d{1,9} lines? of output\]$/;
const END = /^ {0,10}\[end of output\]$/;
/** The rest is advice. */
const HASHES = /^(THESE PACKAGES [A-Z ]{1,100})\. (.*)$/;
/** What went wrong is said in the end. */
const MOST_OUTPUT = 20;
/** `… after connection broken by 'NewConnectionError('<…>: Failed to establish a new connection: …')': /simple/tea/` */
const BROKEN = /^WARNING: Retrying .{1,500} after connection broken by '(?<why>.{1,2000})': \//;

interface Entry {
  readonly name: string;
  readonly lines: string[];
  readonly line: number;
}

/** @see https://pip.pypa.io/en/stable/topics/dependency-resolution/ */
export const pip: FailureParser = {
  name: 'pip',
  commands: /\bpip[\d.]{0,5} (?:-{1,2}\S{1,100} ){0,3}(?:install|download|wheel|check)\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  let entry: Entry | null = null;
  let output: string[] | null = null;
  /** Said before the line that names the package. */
  let before: string[] = [];

  const close = () => {
    if (entry === null) return;
    const { name, lines, line } = entry;
    findings.add({ kind: 'download', name, message: lines.join('\n'), place: null, line });
    entry = null;
  };
  const fail = (text: string, number: number) => {
    // The package's build has told why.
    if (/^(?:Failed (?:to build|building)|Could not build wheels)/.test(text) && findings.count > 0) return;
    if (/^(?:Could not find a version|Ignored the following)/.test(text)) {
      before.push(text);
      return;
    }
    close();
    const [, name = text, rest] = HASHES.exec(text) ?? [];
    entry = { name, lines: [...before, ...(rest === undefined ? [] : [rest])], line: number };
    before = [];
  };
  const build = (text: string, number: number): boolean => {
    const step = STEP.exec(text)?.groups?.text;
    if (step !== undefined) {
      close();
      entry = { name: step, lines: [], line: number };
    } else if (entry !== null && OUTPUT.test(text)) {
      output = [];
      entry.lines.length = 0;
    } else return false;
    return true;
  };
  const read = (into: string[], text: string) => {
    if (END.test(text)) {
      entry?.lines.push(endOf(into));
      output = null;
      close();
    } else if (into.push(text.replace(/^ {6}/, '')) > 10 * MOST_OUTPUT)
      into.splice(0, into.length - MOST_OUTPUT);
  };
  const other = (text: string, number: number) => {
    const said = PIP_ERROR.exec(text)?.groups?.text;
    const why = text.startsWith('WARNING: Retrying') ? BROKEN.exec(text)?.groups?.why : undefined;
    if (said !== undefined) fail(said, number);
    else if (why !== undefined) before = [`connection broken: ${why.replace(/<[^<>]{1,200}>: /, '')}`];
    else if (entry !== null) more(entry, text);
  };
  const more = (into: Entry, text: string) => {
    if (/^(?:To fix this|ERROR: ResolutionImpossible|tekton-ci: |hint: |note: )/.test(text)) close();
    else if (into.lines.length < MOST_OUTPUT) into.lines.push(text);
  };
  return {
    line(text, number) {
      if (output !== null) read(output, text);
      else if (entry !== null || /^(?:(?:ERROR|error|WARNING): | {0,10}×)/.test(text)) {
        if (!build(text, number)) other(text, number);
      }
    },
    end() {
      close();
      return findings.all();
    },
  };
}

/** What went wrong is said last; pip's own frames are left out. */
function endOf(output: readonly string[]): string {
  const traceback = createPythonTraceback();
  for (const line of output.slice(-MOST_OUTPUT)) traceback.line(line);
  return traceback.message();
}
