import type { Place } from '../finding.ts';
import { createJsFailure } from './js-failure.ts';
import { indentOf, readJsPlace } from './js-frames.ts';

/** What is said below a failed test: a block of YAML between `---` and `...`, or plain lines. */
export interface TapDiagnostics {
  line(text: string): void;
  /** False when the line is not said below the test. */
  isBelow(text: string): boolean;
  /** True where the failure is that of tests below it, or of the one above it. */
  isOfOthers(): boolean;
  message(): string;
  place(): Place | null;
}

/** `error: |-`, `location: '/workspace/source/test/order.test.js:9:5'` */
const KEY = /^(?<key>[a-zA-Z]{1,40}):(?: (?<value>.{0,4000}))?$/;
/** What tells why, in the words of one library or another. */
const WORDS: ReadonlySet<string> = new Set([
  'error',
  'message',
  'diff',
  'operator',
  'expected',
  'actual',
  'found',
  'wanted',
]);
const MOST_CHARACTERS = 4000;
const PARENTS: ReadonlySet<string> = new Set(['subtestsFailed', 'cancelledByParent']);

/** `isParent`: tests below it failed. */
export function createTapDiagnostics(isParent: boolean): TapDiagnostics {
  const failure = createJsFailure();
  const values = new Map<string, string>();
  let location: Place | null = null;
  let indent: number | null = null;
  let key = '';

  const set = (value: string) => {
    if (key === 'location' || key === 'at') location ??= readJsPlace(value);
    if (key === 'failureType') values.set(key, value);
    if (WORDS.has(key) && !/^[|>][-+]?$/.test(value)) values.set(key, value);
  };
  /** A line of a text of several lines. */
  const more = (text: string) => {
    const before = values.get(key);
    const said = text.slice((indent ?? 0) + 2);
    values.set(key, (before === undefined ? said : `${before}\n${said}`).slice(0, MOST_CHARACTERS));
  };
  const block = (text: string) => {
    const from = indentOf(text);
    const found = from === indent ? KEY.exec(text.slice(from))?.groups : undefined;
    if (found?.key !== undefined) {
      key = found.key;
      set(unquoted(found.value ?? ''));
    } else if (key === 'stack') failure.line(/^\s+at /.test(text) ? text : `at ${text.trim()}`);
    else if (WORDS.has(key)) more(text);
  };
  return {
    line(text) {
      const words = text.trim();
      if (indent === null && words === '---') indent = indentOf(text);
      else if (indent === null) failure.line(text);
      else if (words === '...') key = '';
      else block(text);
    },
    isBelow: (text) => indent !== null || text === '' || text.startsWith(' '),
    isOfOthers() {
      const type = values.get('failureType');
      return type === undefined ? isParent : PARENTS.has(type);
    },
    message: () => (indent === null ? failure.message() : tell(values, failure.message())),
    place: () => failure.place() ?? location,
  };
}

/** What was expected is mostly part of what is said. */
function tell(values: ReadonlyMap<string, string>, stack: string): string {
  const words = values.get('error') ?? values.get('message');
  const others = ['operator', 'expected', 'actual', 'wanted', 'found'].flatMap((key) =>
    values.has(key) ? [`${key}: ${values.get(key)}`] : [],
  );
  const all =
    words === undefined || !values.has('failureType')
      ? [...(words === undefined ? [] : [words]), ...others]
      : [words];
  return [...all.map((text) => text.trimEnd()), ...(values.has('diff') ? [values.get('diff')] : []), stack]
    .join('\n')
    .trim();
}

function unquoted(value: string): string {
  return /^(?:'.*'|".*")$/.test(value) ? value.slice(1, -1) : value;
}
