import type { Finding, Place } from '../finding.ts';

/** `/…/App.java:[7,9] cannot find symbol`, of Kotlin `/…/App.kt: (7, 9) …` */
const COMPILE =
  /^(?:file:\/\/)?(?<path>(?:[A-Za-z]:)?[/\\][^:[\]()]{1,400}\.(?:java|kt|groovy|scala)):(?:\[(?<line>\d{1,6})(?:,(?<column>\d{1,6}))?\]| \((?<oldLine>\d{1,6}), (?<oldColumn>\d{1,6})\)) (?:error: )?(?<text>.*)$/;
/** `… @ line 12, column 17`: of the project's description. */
const POM =
  /^(?:Non-(?:parseable|readable) POM (?<path>[^:]{1,400}): )?(?<text>.{1,2000}?) *@ (?:[^@]{0,400}, )?line (?<line>\d{1,6}), column (?<column>\d{1,6})$/;
const ARTIFACT = /Could not (?:find|transfer) artifact \S{1,400}(?: (?:in|from\/to) \S{1,200})?/;
const GOAL =
  /^Failed to execute goal (?:[^\s:]{1,200}:)?(?<plugin>[^\s:]{1,200})(?::[^\s:]{1,100})?:(?<goal>[^\s:]{1,100}) (?:\([^)]{1,200}\) )?on project [^\s:]{1,200}: (?<reason>.*)$/;
/** What failed there has told why. */
const TOLD = /^(?:There (?:are|were) test failures|Compilation failure|There was a timeout|$)/;

type Told = Omit<Finding, 'line' | 'level'>;

/** An error of a compiler. */
export function readMavenCompile(text: string): Told | null {
  if (!text.includes(':[') && !text.includes(': (')) return null;
  const found = COMPILE.exec(text)?.groups;
  if (found?.path === undefined) return null;
  const column = Number(found.column ?? found.oldColumn ?? 0);
  const line = Number(found.line ?? found.oldLine);
  const place = { path: found.path, line, ...(column > 0 ? { column } : {}) };
  return { kind: 'compile', name: found.text ?? '', message: '', place };
}

/** What is wrong with a `pom.xml`; `pom`: the one that was told of last. */
export function readPomError(text: string, pom: string | null): Told | null {
  const found = text.includes('@ ') ? POM.exec(withoutHelp(text).trim())?.groups : undefined;
  const path = found?.path ?? pom;
  if (found?.text === undefined || path === null) return null;
  const place: Place = { path, line: Number(found.line), column: Number(found.column) };
  return { kind: 'command', name: found.text.trim(), message: '', place };
}

/** What ended the build, unless it only repeats what a compiler or tests have told. */
export function readMavenEnd(text: string): Told | null {
  const said = withoutHelp(text);
  const artifact = said.includes('Could not ') ? ARTIFACT.exec(said)?.[0] : undefined;
  if (artifact !== undefined) {
    const why = artifact.includes('transfer') ? `: ${said.split(': ').at(-1)}` : '';
    return { kind: 'download', name: `${artifact}${why}`, message: said, place: null };
  }
  const goal = GOAL.exec(said)?.groups;
  if (goal?.reason === undefined) return said === text ? null : ofSentence(said);
  const { plugin, reason } = goal;
  return TOLD.test(reason)
    ? null
    : { kind: 'command', name: `${plugin}:${goal.goal}: ${reason}`, message: '', place: null };
}

/** Its first sentence tells what, the others what to do. */
function ofSentence(said: string): Told {
  const [name = said] = said.split(/(?<=\.) (?=[A-Z])/, 1);
  return { kind: 'command', name, message: name === said ? '' : said, place: null };
}

function withoutHelp(text: string): string {
  return text.replace(/ -> \[Help \d{1,3}\]$/, '');
}
