import type { Finding, Place } from '../finding.ts';
import { nameKubernetesError } from './kubernetes-errors.ts';

/** `release api failed, and has been uninstalled due to atomic being set: ` */
const RELEASE =
  /^(?:UPGRADE FAILED: |INSTALLATION FAILED: |release (?<release>\S{1,60}) failed, and has been (?:uninstalled|rolled back) due to [a-z-]{1,40} being set: |release: )/;
const HOOK = /^(?<hook>failed (?:pre|post)-[a-z]{1,20}): /;
const TIME_OUT =
  /^(?:context deadline exceeded|timed out waiting for the condition|.{0,300}would exceed context deadline)$/;
/** What our deploy step tells of a pod that did not get ready. */
const POD = /^pod (?<name>\S{1,300}): (?<status>\S{1,60}), \d{1,4}\/\d{1,4} ready, /m;
/** `template: api/templates/a.yaml:6:22: executing "api/templates/a.yaml" at <.Values.a>: nil pointer …` */
const TEMPLATE =
  /^template: (?<path>[^:]{1,400}):(?<line>\d{1,6})(?::(?<column>\d{1,6}))?: (?:executing "[^"]{1,400}" at (?<at><.{1,300}>): )?(?<text>.*)$/;
/** `parse error at (api/templates/a.yaml:6): …`, `execution error at (api/templates/a.yaml:6:15): …` */
const AT =
  /^(?:parse|execution) error at \((?<path>[^:()]{1,400}):(?<line>\d{1,6})(?::(?<column>\d{1,6}))?\): (?<text>.*)$/;
const VALUES = /^failed to parse (?<path>[^:]{1,400}): .{0,200}yaml: line (?<line>\d{1,6}): /;
/** A template that another one calls tells of both. */
const CALLS = /: error calling /;
const CALLING = /^error calling (?:include|tpl): template: /;

type Told = Pick<Finding, 'name' | 'message' | 'place'>;

/** What is known of the release when Helm fails. */
export interface HelmWork {
  /** Its name; '' when not known. */
  readonly release: string;
  /** That a repository of charts could not be read, and why. */
  readonly missed: readonly string[];
}

/** What an error of Helm means. `more`: the lines below it. */
export function explainHelmError(
  error: string,
  more: readonly string[],
  { release, missed }: HelmWork,
): readonly Told[] {
  const [noUpdate] = missed;
  if (noUpdate !== undefined && error.startsWith('no cached repository for '))
    return [
      { name: noUpdate.replace(/:$/, ''), message: [...missed.slice(1), error].join('\n'), place: null },
    ];
  const { text, release: told = release } = unwrapped(error);
  const message = [error, ...more].join('\n').trimEnd();
  const hook = HOOK.exec(text)?.groups?.hook;
  const rest = text.replace(HOOK, '');
  const causes = /^\d{1,6} errors? occurred:$/.test(rest) ? bulletsOf(more, '\t* ') : [];
  if (causes.length > 0)
    return causes.map((cause) =>
      ofText(cause, { message: causes.length > 1 ? '' : message, release: told, hook }),
    );
  if (rest.startsWith("values don't meet the specifications of the schema")) return ofSchema(more);
  return [ofText(rest, { message, release: told, hook })];
}

interface Around {
  readonly message: string;
  readonly release: string;
  readonly hook: string | undefined;
}

function ofText(text: string, { message, release, hook }: Around): Told {
  const template = readTemplateError(text);
  if (template !== null) return { ...template, message: CALLS.test(text) ? text : '' };
  const what = hook === undefined ? nameKubernetesError(text) : `${hook}: ${text}`;
  const pod = POD.exec(message)?.groups;
  const why =
    pod === undefined ? what : `pod ${pod.name} is ${pod.status === 'Running' ? 'not ready' : pod.status}`;
  const name = TIME_OUT.test(text) && release !== '' ? `release ${release}: ${why}` : what;
  return { name, message: name === message ? '' : message, place: placeOf(VALUES.exec(text)) };
}

/** What a template does wrong, of `helm lint` too. */
export function readTemplateError(text: string): Told | null {
  const found = TEMPLATE.exec(text) ?? AT.exec(text);
  if (found === null) return null;
  const { text: said = '', at } = found.groups ?? {};
  const inner = CALLING.test(said) ? readTemplateError(said.replace(/^error calling \w{1,10}: /, '')) : null;
  if (inner?.place) return inner;
  const isCall = at === undefined || said.startsWith('error calling ');
  return { name: isCall ? said : `${at}: ${said}`, message: '', place: placeOf(found) };
}

function unwrapped(error: string): { readonly text: string; readonly release?: string } {
  let text = error;
  let release: string | undefined;
  for (
    let found = RELEASE.exec(text);
    found !== null && text !== 'release: not found';
    found = RELEASE.exec(text)
  ) {
    text = text.slice(found[0].length);
    release = found.groups?.release ?? release;
  }
  return release === undefined ? { text } : { text, release };
}

/** Each value that is wrong, of each chart. */
function ofSchema(more: readonly string[]): readonly Told[] {
  let chart = '';
  return more.flatMap((line) => {
    if (line.startsWith('- '))
      return [{ name: `values of ${chart}: ${line.slice(2)}`, message: '', place: null }];
    chart = line.endsWith(':') ? line.slice(0, -1) : chart;
    return [];
  });
}

function bulletsOf(lines: readonly string[], mark: string): readonly string[] {
  return lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
}

function placeOf(found: RegExpExecArray | null): Place | null {
  const { path, line, column } = found?.groups ?? {};
  if (path === undefined) return null;
  return { path, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
}
