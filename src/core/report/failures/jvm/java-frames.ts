import type { Place } from '../finding.ts';

/** A line of a stack: `at app//com.example.AppTest.adds(AppTest.java:12)`. */
export interface JavaFrame {
  /** With its package, without the classes in it. */
  readonly className: string;
  readonly file: string;
  readonly line: number;
}

const FRAME =
  /^\s{0,16}at (?:[\w.@-]{0,60}\/{1,2})?(?<name>[\w.$<>]{1,400})\((?<file>[\w$-]{1,200}\.(?:java|kt|groovy|scala)):(?<line>\d{1,6})\)$/;
/** Nobody's own code. */
const FRAMEWORKS =
  /^(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|groovy|scala|org\.(?:junit|opentest4j|assertj|hamcrest|testng|mockito|gradle|codehaus\.groovy|spockframework|springframework|apache\.maven)|junit|worker|com\.google\.common\.truth|io\.kotest)\./;
/** How test classes are called, by the defaults of Surefire. */
const TEST = /(?:^Test|(?:Tests?|TestCase|IT|Spec)$)/;

/** Null for what is no line of a stack. */
export function readJavaFrame(text: string): JavaFrame | null {
  if (!text.trimStart().startsWith('at ')) return null;
  const found = FRAME.exec(text)?.groups;
  if (found?.name === undefined) return null;
  const className = found.name.replace(/\.[^.]{1,200}$/, '').replace(/\$.*$/, '');
  return { className, file: found.file ?? '', line: Number(found.line) };
}

/** Whether a text is a line of a stack, of any kind. */
export function isJavaFrame(text: string): boolean {
  return /^\s{1,16}(?:at \S|\.\.\. \d{1,6} (?:more|common frames omitted))/.test(text);
}

/** Whether it is of the project rather than of what runs its tests. */
export function isOwnFrame({ className }: JavaFrame): boolean {
  return !FRAMEWORKS.test(className);
}

/** A class's file is below a folder of sources, in that of its package. */
export function placeOfFrame({ className, file, line }: JavaFrame): Place {
  const folders = className.split('.').slice(0, -1);
  return { path: [...folders, file].join('/'), within: sourcesOf(file), line };
}

function sourcesOf(file: string): string {
  const [name = '', ending = ''] = file.split('.');
  const language = ending === 'kt' ? 'kotlin' : ending;
  return `src/${TEST.test(name) ? 'test' : 'main'}/${language}`;
}
