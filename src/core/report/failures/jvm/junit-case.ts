import type { Finding, Place } from '../finding.ts';
import { readJsFrame } from '../javascript/js-frames.ts';
import { isJavaFrame, isOwnFrame, placeOfFrame, readJavaFrame } from './java-frames.ts';

/** A test that failed, with its texts decoded. */
export interface JunitCase {
  readonly suite: string;
  readonly className: string;
  readonly name: string;
  /** '' where the report does not say. */
  readonly file: string;
  readonly line: number | null;
  /** Of each failure and error. */
  readonly failures: readonly { readonly message: string; readonly text: string }[];
}

/** Lines of a text that are looked at. */
const MOST_LINES = 2000;

/** `tests/test_router.py:13: AssertionError`, or `in <module>` */
const PYTEST = /^(?<path>[^\s:<>][^:<>]{0,400}\.py):(?<line>\d{1,6}): (?:in |[A-Z])/;
/** `    router_test.go:6: got 404`, `	/workspace/source/router/router_test.go:14 +0x28` */
const GO = /^[ \t]{1,40}(?<path>[^\s:]{1,400}\.go):(?<line>\d{1,6})(?:: | \+0x)/;
/** `/workspace/source/tests/RouterTest.php:21` */
const PHP = /^(?<path>[^\s:]{1,400}\.php):(?<line>\d{1,6})$/;
/** What go repeats of the test. */
const GO_NOISE = /^ *(?:=== (?:RUN|PAUSE|CONT|NAME) |--- FAIL: )/;

/** The name, the words and the place of a test, of any writer of such reports. */
export function explainJunitCase(test: JunitCase): Pick<Finding, 'name' | 'message' | 'place'> {
  const message = test.failures
    .map((one) => messageOf(one, `${test.className}::${test.name}`))
    .filter((text) => text !== '')
    .join('\n\n');
  return { name: nameOf(test), message, place: placeOf(test) };
}

function nameOf({ suite, className, name }: JunitCase): string {
  if (suite === 'pytest')
    return pytestName(
      className === '' ? name.split('.') : className.split('.'),
      className === '' ? '' : name,
    );
  const simple = className.replace(/^.*[.\\]/, '');
  if (name === '') return simple;
  // Of go and vitest it is a package or a file, of mocha and jest the same again.
  if (className === '' || className.includes('/') || name.includes(className)) return name;
  return /^[\w.$\\]+$/.test(className) && /[.\\]|^[A-Z]/.test(className)
    ? `${simple}.${name}`
    : `${className} › ${name}`;
}

/** As pytest itself calls it: `test_router.py::TestRouter::test_finds`. */
function pytestName(parts: readonly string[], name: string): string {
  const module = parts.findLastIndex((part) => /^[a-z_]/.test(part));
  const [file = '', ...classes] = parts.slice(Math.max(0, module));
  return [`${file}.py`, ...classes, name].filter((part) => part !== '').join('::');
}

/** The words of the failure without its stack. */
function messageOf({ message, text }: JunitCase['failures'][number], test: string): string {
  const lines = text.split('\n', MOST_LINES);
  const asserted = lines.filter((line) => /^E(?: {3}|$)/.test(line)).map((line) => line.slice(4));
  if (asserted.length > 0) return dedent(asserted);
  const said = withoutStack(lines)
    .filter((line) => line !== test)
    .join('\n')
    .trim();
  const isSaid = message === '' || message === 'Failed' || said.includes(message.split('\n', 1)[0] ?? '');
  return isSaid ? said : `${message}\n${said}`.trim();
}

function dedent(lines: readonly string[]): string {
  const [blanks = ''] = /^ */.exec(lines[0] ?? '') ?? [];
  return lines
    .map((line) => (line.startsWith(blanks) ? line.slice(blanks.length) : line.trimStart()))
    .join('\n');
}

function withoutStack(lines: readonly string[]): readonly string[] {
  // What vitest and go tell below is for them.
  const end = lines.findIndex((line) => line.startsWith('goroutine ') || line.startsWith('⎯⎯⎯'));
  return lines
    .slice(0, end === -1 ? undefined : end)
    .filter(
      (line) => !isJavaFrame(line) && readJsFrame(line) === null && !PHP.test(line) && !GO_NOISE.test(line),
    );
}

function placeOf({ className, file, line, failures }: JunitCase): Place | null {
  const lines = failures.flatMap(({ text }) => text.split('\n', MOST_LINES));
  const told = placeOfStack(lines, className);
  return told ?? (file !== '' && line !== null ? { path: file, line } : null);
}

/** The first line of the project's own; of pytest it is the last one. */
function placeOfStack(lines: readonly string[], className: string): Place | null {
  const python = lines.findLast(
    (line) => line.includes('.py:') && PYTEST.test(line) && !/site-packages|^\/usr\/lib/.test(line),
  );
  if (python !== undefined) return placeIn(PYTEST, python);
  for (const line of lines) {
    const frame = readJavaFrame(line);
    const place =
      frame === null
        ? (readJsFrame(line)?.place ?? placeIn(PHP, line) ?? goPlace(line, className))
        : isOwnFrame(frame)
          ? placeOfFrame(frame)
          : null;
    if (place !== null && !/(?:^|\/)vendor\//.test(place.path)) return place;
  }
  return null;
}

/** Of a package's tests, go tells the file's name only; what go itself is made of is nobody's. */
function goPlace(line: string, className: string): Place | null {
  const place = line.includes('.go:') ? placeIn(GO, line) : null;
  if (place === null || /\/src\/(?:testing|runtime|internal)\//.test(place.path)) return null;
  return place.path.includes('/') || className === '' ? place : { ...place, within: className };
}

function placeIn(pattern: RegExp, line: string): Place | null {
  const found = pattern.exec(line)?.groups;
  return found?.path === undefined ? null : { path: found.path, line: Number(found.line) };
}
