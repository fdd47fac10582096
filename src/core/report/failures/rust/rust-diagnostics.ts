import type { Findings } from '../collect-findings.ts';
import type { Finding, Place } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';

const MOST_KEYS = 1000;
const MOST_LINES = 14;
/** The command line of the linker is long, and says nothing. */
const LONGEST = 400;

/** `error[E0308]: mismatched types`, `warning: unused import: …` */
const HEADER = /^(?<level>error|warning)(?:\[(?<code>[\w:-]{1,60})\])?: (?<text>.*)$/;
/** What sums up errors that were told. */
const SUMMARY =
  /^(?:could not compile |aborting due to |build failed|\d{1,9} targets? failed|\d{1,9} warnings? emitted|(?:test|doctest|bench) failed|process didn't exit successfully|`[^`]{1,200}` \()/;
const AT = /^ *--> (?<path>[^:]{1,500}):(?<line>\d{1,7}):(?<column>\d{1,6})$/;
/** Of crates that cannot be had, as cargo words it. */
const DOWNLOAD =
  /^(?:failed to (?:get|download|fetch|load source|select a version|query|verify|update)|no matching package|unable to update)/;
const WANTED = /^(?:failed to get|failed to select a version for the requirement) `(?<name>[^`]{1,200})`/;
/** Lines of the drawing, and how to switch a lint off. */
const EMPTY = /^(?: *\|| *= help: to override .*| *= note: .* on by default)$/;
const UNLINKED =
  /(?<symbol>undefined symbol: .{1,300}|undefined reference to .{1,300}|cannot find -l.{1,300}|unable to find library .{1,300})$/;
const RERUN = /to rerun pass `(?<flags>[^`]{1,300})`/;
const CAUSE = 'Caused by:';
/** A signal's death of a test binary has no test's name. */
const DIED = /^ *process didn't exit successfully: .* \((?<how>signal: [^()]{1,100})\)$/;

interface Block {
  readonly level: Finding['level'];
  readonly code: string | undefined;
  readonly text: string;
  readonly line: number;
  place: Place | null;
  readonly lines: string[];
  /** The first line of the deepest cause. */
  cause: string | null;
  isPaused: boolean;
}

type Told = Parameters<Findings['add']>[0];

/** What rustc, clippy and cargo itself say in blocks that begin with `error` or `warning`. */
export interface RustDiagnostics {
  line(text: string, number: number): void;
  end(): void;
}

/**
 * @see https://doc.rust-lang.org/rustc/json.html
 * @see https://rustc-dev-guide.rust-lang.org/diagnostics.html#diagnostic-output-style-guide
 */
export function createRustDiagnostics(findings: Findings): RustDiagnostics {
  const seen = new Set<string>();
  let block: Block | null = null;
  const tell = (finding: Told | null) => {
    if (finding === null) return;
    // The same error is told for the library and for its tests.
    const key = `${finding.place?.path}:${finding.place?.line}:${finding.name}`;
    if (seen.has(key) || seen.size >= MOST_KEYS) return;
    seen.add(key);
    findings.add(finding);
  };
  const close = () => {
    if (block !== null) tell(toFinding(block));
    block = null;
  };
  return {
    line(text, number) {
      const next = readHeader(text, number);
      if (next !== null) {
        close();
        block = next;
      } else if (block !== null && !goOn(block, text)) close();
    },
    end: close,
  };
}

function readHeader(text: string, line: number): Block | null {
  const isShort = text.includes('.rs:') && (text.includes(': error') || text.includes(': warning'));
  if (!isShort && !text.startsWith('error') && !text.startsWith('warning')) return null;
  const placed = isShort ? readPlacedLine(text) : null;
  const found = HEADER.exec(placed?.text ?? text)?.groups;
  if (found?.text === undefined) return null;
  return {
    level: found.level === 'error' ? 'failure' : 'warning',
    code: found.code,
    text: found.text,
    line,
    place: placed?.place ?? null,
    lines: [],
    cause: null,
    isPaused: false,
  };
}

/** False when the line is no more of the block: after an empty line, only causes go on. */
function goOn(block: Block, text: string): boolean {
  if (text.trim() === '') {
    block.isPaused = true;
    return true;
  }
  const isCause = text === CAUSE;
  const isMoreOfCause = block.cause !== null && text.startsWith(' ');
  if (block.isPaused && !isCause && !isMoreOfCause) return false;
  block.isPaused = false;
  if (isCause) block.cause = '';
  else keep(block, text);
  return true;
}

function keep(block: Block, text: string): void {
  if (block.cause === '') block.cause = text.trim();
  const at = AT.exec(text)?.groups;
  if (at?.path !== undefined) {
    block.place ??= { path: at.path, line: Number(at.line), column: Number(at.column) };
  } else if (block.lines.length < MOST_LINES && text.length < LONGEST && !EMPTY.test(text)) {
    block.lines.push(text);
  }
}

function toFinding(block: Block): Told | null {
  const { level, code, text, line, place, lines } = block;
  if (SUMMARY.test(text)) return toDeath(block);
  // Warnings without a place are cargo's own, of its settings and retries.
  if (place === null && level === 'warning') return null;
  if (place === null && DOWNLOAD.test(text)) return toDownload(block);
  const symbol = text.startsWith('linking with ') ? find(lines, UNLINKED)?.symbol : undefined;
  const isLint = lines.some((one) => one.includes('clippy::') || one.includes('implied by `-D warnings`'));
  const name = symbol ?? (code === undefined || code.includes('::') ? text : `${code}: ${text}`);
  return { kind: isLint ? 'lint' : 'compile', level, name, message: lines.join('\n'), place, line };
}

/** Only of a test binary that died, no test has told. */
function toDeath({ text, lines, line }: Block): Told | null {
  const how = find(lines, DIED)?.how;
  if (how === undefined) return null;
  const flags = RERUN.exec(text)?.groups?.flags;
  const name = flags === undefined ? how : `${flags}: ${how}`;
  return { kind: 'test', name, message: [text, ...lines].join('\n'), place: null, line };
}

function toDownload({ text, lines, cause, line }: Block): Told {
  const wanted = WANTED.exec(text)?.groups?.name;
  const name = cause === null ? text : [wanted ?? [], cause].flat().join(': ');
  return { kind: 'download', name, message: [text, ...lines].join('\n'), place: null, line };
}

function find(lines: readonly string[], what: RegExp): Readonly<Record<string, string>> | undefined {
  return lines.map((line) => what.exec(line)?.groups).find((groups) => groups !== undefined);
}
