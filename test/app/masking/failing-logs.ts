import type { GeneratedSecret } from './generated-secrets.ts';
import { goJson, WAYS, WAYS_INSIDE, type Way, type Written, writtenIn, xml } from './written-secrets.ts';

/** How a tool says that something failed, of which the secret is a part. */
export interface Tool {
  readonly name: string;
  readonly ways: Readonly<Record<string, Way>>;
  readonly begin: readonly string[];
  failure(text: string, line: number): string;
  readonly end: readonly string[];
  /** The file that annotations are of; none come where it is absent. */
  readonly file?: string;
}

const event = (of: string, output: string) =>
  `{"Time":"2026-11-23T12:00:00Z","Action":"output",${of},"Output":"${goJson(`${output}\n`)}"}`;

const ended = (of: string) => `{"Time":"2026-11-23T12:00:00Z","Action":"fail",${of},"Elapsed":0}`;

/** One test, of whose output each line is an event. */
function goEvents(text: string, line: number): string {
  const of = `"Package":"x/api","Test":"TestA${line}"`;
  const output = [...`    a_test.go:${line}: got ${text} here`.split('\n'), `--- FAIL: TestA${line} (0.00s)`];
  return [...output.map((one) => event(of, one)), ended(of)].join('\n');
}

export const TOOLS: readonly Tool[] = [
  {
    name: 'tsc',
    ways: WAYS,
    begin: ['::group::npx tsc'],
    failure: (text, line) => `src/a.ts(${line},5): error TS2322: Type ${text} is not assignable.`,
    end: [],
    file: 'src/a.ts',
  },
  {
    name: 'gcc',
    ways: WAYS,
    begin: ['::group::make'],
    failure: (text, line) => `src/a.c:${line}:5: error: got ${text} here`,
    end: ['make: *.o: Error 1'],
    file: 'src/a.c',
  },
  {
    name: 'go test',
    ways: WAYS,
    begin: ['::group::go test ./...'],
    failure: (text, line) => `--- FAIL: TestA${line} (0.00s)\n    a_test.go:${line}: got ${text} here`,
    end: ['FAIL', 'FAIL\tx/api\t0.1s', 'FAIL'],
    file: 'a_test.go',
  },
  {
    name: 'go test -json',
    ways: WAYS_INSIDE,
    begin: ['::group::go test -json ./...'],
    failure: goEvents,
    end: [ended('"Package":"x/api"')],
    file: 'a_test.go',
  },
  {
    name: 'jest',
    ways: WAYS,
    begin: ['::group::npx jest', 'FAIL src/a.test.js'],
    failure: (text, line) =>
      `  ● a thing › says ${text} here\n\n    expected ${text} there\n\n      at Object.toBe (src/a.test.js:${line}:5)\n`,
    end: ['Test Suites: 1 failed, 1 total'],
    file: 'src/a.test.js',
  },
  {
    name: 'kubectl',
    ways: WAYS,
    begin: ['::group::kubectl apply -f k8s'],
    failure: (text) => `Error from server (BadRequest): error when creating "k8s/a.yaml": ${text} is bad`,
    end: [],
  },
  {
    name: 'a report of tests',
    ways: WAYS_INSIDE,
    begin: ['::group::npm test', '::group::tekton-ci: report out.xml', '<testsuite name="s">'],
    failure: (text, line) =>
      `<testcase classname="A" name="a${line} of ${xml(text)} here" file="src/a.js" line="${line}"><failure message="got ${xml(text)} here"/></testcase>`,
    end: ['</testsuite>', '::endgroup::'],
    file: 'src/a.js',
  },
  {
    name: 'a program that nobody knows, in groups',
    ways: WAYS,
    begin: ['::group::./verify'],
    failure: (text) => `::group::${text} begins\nit ends at ${text} again\n::endgroup::`,
    end: ['it is bad'],
  },
];

/** A log of a step that failed, with all secrets in every way. */
export interface FailingLog {
  readonly bytes: Uint8Array;
  /** The same with what has to stand there instead. */
  readonly masked: string;
  /** Offsets in the middle of secrets, in order. */
  readonly insides: readonly number[];
  readonly hidden: readonly string[];
}

export function failingLog(tool: Tool, secrets: readonly GeneratedSecret[]): FailingLog {
  const written = secrets.flatMap((secret) => writtenIn(secret, tool.ways));
  const text = logOf(
    tool,
    written.map(({ text }) => text),
  );
  const bytes = Buffer.from(text);
  return {
    bytes,
    masked: logOf(
      tool,
      written.map(({ masked }) => masked),
    ),
    insides: written.map((one) => insideOf(bytes, one)).filter((offset) => offset > 0),
    hidden: written.map(({ hidden }) => hidden),
  };
}

function logOf({ begin, failure, end }: Tool, texts: readonly string[]): string {
  const failures = texts.map((text, index) => failure(text, index + 1));
  return [...begin, ...failures, ...end, 'tekton-ci: command 1 of 1 failed with exit code 1', ''].join('\n');
}

function insideOf(bytes: Buffer, { text }: Written): number {
  const at = bytes.indexOf(text);
  return at === -1 ? 0 : at + (Buffer.byteLength(text) >> 1);
}
