import { collectFindings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding } from '../finding.ts';
import { readPlacedLine } from '../placed-line.ts';

const MOST_KEYS = 1000;
/** The line of code, what points at it, and what is said of the symbol. */
const MOST_LINES = 6;

const SAID = /^(?<level>error|warning): (?<name>.*)$/;
/** `e: file:///…/App.kt:5:13 Unresolved reference 'a'.`, before Kotlin 1.9 `e: /…/App.kt: (5, 13): Unresolved reference: a` */
const KOTLIN =
  /^(?<level>[ew]): (?:file:\/\/)?(?<path>[^:()]{1,400}\.kts?)(?::(?<line>\d{1,6}):(?<column>\d{1,6})|: \((?<oldLine>\d{1,6}), (?<oldColumn>\d{1,6})\):) (?<name>.*)$/;
const COUNT = /^\d{1,6} (?:error|warning)s?$/;

/**
 * Compilers of Java and Kotlin, as Gradle and others show them.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/specs/man/javac.html
 */
export const javac: FailureParser = {
  name: 'javac',
  commands: /\b(?:javac|kotlinc|gradlew?|ant)\b/,
  start,
};

function start(): Reading {
  const findings = collectFindings();
  const seen = new Set<string>();
  let open: OpenFinding | null = null;
  let left = 0;
  return {
    line(text, line) {
      const isIndented = text.startsWith('  ');
      // Gradle tells all again in the end, further in.
      const said = readJavac(isIndented ? text.trimStart() : text);
      if (said !== null) {
        const key = JSON.stringify([said.place, said.name]);
        open = seen.has(key) || seen.size >= MOST_KEYS ? null : findings.add({ ...said, line });
        seen.add(key);
        left = MOST_LINES;
      } else if (open !== null && left > 0 && isExcerpt(text, left)) {
        open.say(text);
        left -= 1;
      } else open = null;
    },
    end: findings.all,
  };
}

function readJavac(text: string): Omit<Finding, 'line' | 'message'> | null {
  if (text.startsWith('e: ') || text.startsWith('w: ')) return readKotlin(text);
  if (!text.includes('.java:')) return null;
  const placed = readPlacedLine(text);
  const said = placed?.place.path.endsWith('.java') ? SAID.exec(placed.text)?.groups : undefined;
  if (placed === null || said?.name === undefined) return null;
  const level = said.level === 'warning' ? 'warning' : 'failure';
  return { kind: 'compile', level, name: said.name, place: placed.place };
}

function readKotlin(text: string): Omit<Finding, 'line' | 'message'> | null {
  const found = KOTLIN.exec(text)?.groups;
  if (found?.path === undefined) return null;
  const { level, path, line, column, oldLine, oldColumn, name = '' } = found;
  const place = { path, line: Number(line ?? oldLine), column: Number(column ?? oldColumn) };
  return { kind: 'compile', level: level === 'w' ? 'warning' : 'failure', name, place };
}

/** The line of code comes first, as it is. */
function isExcerpt(text: string, left: number): boolean {
  return !COUNT.test(text.trim()) && text !== '' && (left === MOST_LINES || text.startsWith(' '));
}
