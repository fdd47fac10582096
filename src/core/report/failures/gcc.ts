import { collectFindings, type Findings, type OpenFinding } from './collect-findings.ts';
import type { FailureParser, Reading } from './failure-parser.ts';
import { readPlacedLine } from './placed-line.ts';

const MOST_KEYS = 1000;
/** The excerpt of the source, with what points at it. */
const MOST_LINES = 6;

/** Other compilers tell of `Main.java:3: error: …` in the same form. */
const SOURCE =
  /(?:\.(?:[chmsSylf]|cc|cpp|cxx|c\+\+|hpp|hh|hxx|h\+\+|inl|ipp|tpp|tcc|inc|def|mm|cuh?|f90)|\/c\+\+\/.{1,200})$/;
const SAID = /^(?<level>error|fatal error|warning): (?<name>.*)$/;
/** `cc1: fatal error: src/none.c: No such file or directory`, but not that the linker failed, which told why itself. */
const TOOL =
  /^(?:\S{0,200}[/-])?(?:cc1(?:plus|obj)?|gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?)(?:-\d{1,3})?: (?:fatal )?error: (?<name>(?!linker command failed|ld returned|no input files).*)$/;
const LINKER =
  /(?:^|[:)] |: error: )(?<name>undefined reference to .{1,400}|multiple definition of [^;]{1,400}|undefined symbol: .{1,400}|cannot find -l.{1,300})/;

/**
 * @see https://gcc.gnu.org/onlinedocs/gcc/Diagnostic-Message-Formatting-Options.html
 * @see https://clang.llvm.org/docs/UsersManual.html#formatting-of-diagnostics
 */
export const gcc: FailureParser = {
  name: 'gcc and clang',
  commands: /(?:^|[\s/;&|(-])(?:gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?)(?:-\d{1,3})?(?:\s|$)/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const seen = new Set<string>();
  let open: OpenFinding | null = null;
  let left = 0;
  const add = (key: string, finding: Parameters<Findings['add']>[0]) => {
    open = null;
    // A header's error is told for each file that includes it.
    if (seen.has(key) || seen.size >= MOST_KEYS) return;
    seen.add(key);
    open = findings.add(finding);
    left = MOST_LINES;
  };
  return {
    line(text, number) {
      const said = read(text);
      if (said !== null) add(said.key, { kind: 'compile', ...said.finding, line: number });
      else if (!text.startsWith(' ') && !text.startsWith('\t') && !isExcerpt(text, left)) open = null;
      else if (left > 0) {
        open?.say(text);
        left -= 1;
      }
    },
    end: findings.all,
  };
}

interface Said {
  /** The same for what is told again. */
  readonly key: string;
  readonly finding: Pick<Parameters<Findings['add']>[0], 'level' | 'message' | 'name' | 'place'>;
}

function read(text: string): Said | null {
  const isDiagnostic = text.includes('error: ') || text.includes('warning: ');
  const finding = isDiagnostic ? (readDiagnostic(text) ?? readToolError(text)) : null;
  return finding === null ? readLinker(text) : { key: text, finding };
}

function readLinker(text: string): Said | null {
  if (!text.includes('undefined ') && !text.includes('multiple ') && !text.includes('cannot find -l'))
    return null;
  // Other tools quote the linker, further in; cgo's C is go's.
  if (text.startsWith(' ') || text.includes('.cgo2.c')) return null;
  const name = LINKER.exec(text)?.groups?.name;
  if (name === undefined) return null;
  const place = readPlacedLine(text)?.place ?? null;
  return {
    key: name,
    finding: { name, message: text, place: place !== null && SOURCE.test(place.path) ? place : null },
  };
}

function readDiagnostic(text: string): Said['finding'] | null {
  const placed = readPlacedLine(text);
  const said = placed === null ? undefined : SAID.exec(placed.text)?.groups;
  if (placed === null || said?.name === undefined || !SOURCE.test(placed.place.path)) return null;
  return { level: said.level === 'warning' ? 'warning' : 'failure', name: said.name, place: placed.place };
}

function readToolError(text: string): Said['finding'] | null {
  const name = TOOL.exec(text)?.groups?.name;
  return name === undefined ? null : { name, place: null };
}

/** clang's excerpt begins where the source's line does: at its beginning, it may be without a blank. */
function isExcerpt(text: string, left: number): boolean {
  return (
    left === MOST_LINES &&
    !/^(?:In file|\S{1,400}: |\d{1,6} (?:error|warning)|make|collect2|compilation )/.test(text)
  );
}
