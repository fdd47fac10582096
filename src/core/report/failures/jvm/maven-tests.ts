import type { OpenFinding } from '../collect-findings.ts';
import { isJavaFrame, isOwnFrame, type JavaFrame, placeOfFrame, readJavaFrame } from './java-frames.ts';

/** `com.example.AppTest.adds -- Time elapsed: 0.003 s <<< FAILURE!`, `adds(com.example.AppTest)  Time elapsed: 0.2 sec  <<< ERROR!` */
const FAILED =
  /^(?<what>\S.{0,600}?) {1,2}(?:-- )?Time elapsed: [\d.,]{1,20} s(?:ec)? {1,2}<<< (?:FAILURE|ERROR)!$/;
/** `Tests run: 2, Failures: 1, … <<< FAILURE! -- in com.example.AppTest` */
const CLASS = /^Tests run: .{1,200} <<< (?:FAILURE|ERROR)! --? in (?<name>\S{1,400})$/;
/** `  AppTest.adds:12 expected: <1> but was: <2>`, `  AppTest.adds:12->check:30 » NullPointer …` */
const SUMMARY =
  /^ {2}(?<name>[\w$.[\]{}()-]{1,300})(?::(?<line>\d{1,6}))?(?:->[\w$.:-]{1,400})? (?:» )?(?<text>\S.*)$/;

export function readFailedClass(text: string): string | null {
  return text.startsWith('Tests run: ') ? (CLASS.exec(text)?.groups?.name ?? null) : null;
}

/** A test that failed, as people call it: without the package. */
export function readFailedTest(text: string, className: string): string | null {
  const what =
    text.includes(' <<< ') && !text.startsWith('Tests run: ') ? FAILED.exec(text)?.groups?.what : undefined;
  if (what === undefined) return null;
  const [, method, of] = /^(.{1,300})\(([\w.$]{1,300})\)$/.exec(what) ?? [];
  if (method !== undefined && of !== undefined) return `${simple(of)}.${method}`;
  if (className !== '' && what.startsWith(`${className}.`))
    return `${simple(className)}.${what.slice(className.length + 1)}`;
  if (what === className) return simple(className);
  return className === '' ? what : `${simple(className)}.${what}`;
}

/** A test of the summary in the end. */
export interface TestSummary {
  readonly name: string;
  readonly text: string;
  readonly frame: JavaFrame | null;
}

export function readTestSummary(text: string): TestSummary | null {
  const found = SUMMARY.exec(text)?.groups;
  if (found?.name === undefined || !found.name.includes('.')) return null;
  const { name, line } = found;
  const file = `${name.split('.')[0]?.replace(/\$.*$/, '')}.java`;
  const frame = line === undefined ? null : { className: '', file, line: Number(line) };
  return { name, text: found.text ?? '', frame };
}

/** A line of what a test threw. */
export function tellOfTest(finding: OpenFinding, text: string): void {
  const frame = readJavaFrame(text);
  if (frame !== null && isOwnFrame(frame)) finding.at(placeOfFrame(frame));
  if (!isJavaFrame(text)) finding.say(text);
}

function simple(className: string): string {
  return className.replace(/^.*\./, '');
}
