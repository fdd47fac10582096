import { collectFindings, type OpenFinding } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Place } from '../finding.ts';
import { nameKubernetesError } from './kubernetes-errors.ts';

const COMMAND = /\bkubectl\b/;
const MOST_KEYS = 500;
/** Below an error. */
const MOST_LINES = 12;

const FROM_SERVER = /^Error from server(?: \([A-Za-z]{1,60}\))?: (?<text>.*)$/;
/** `The Deployment "web" is invalid: …`, `The connection to the server … was refused …` */
const THE =
  /^The (?:request is invalid: )?(?<text>(?:[A-Z][A-Za-z]{1,100} "[^"]{1,253}" is invalid|connection to the server \S{1,300} was refused|patch: Invalid value).*)$/;
const CONNECT = /^Unable to connect to the server: (?<text>.*)$/;
/** Others say `error: …` too. */
const ERROR =
  /^error: (?<text>(?:timed out waiting for the condition|[a-z]{1,40} "[^"]{1,253}" exceeded its progress deadline|Apply failed with \d{1,6} conflict|error (?:parsing|validating|loading config file|when) |the path "|resource mapping not found for |unable to recognize "|no matches for kind|the server doesn't have a resource type "|You must be logged in to the server|unknown command "[^"]{1,200}" for "kubectl|no objects passed to |context "[^"]{1,253}" does not exist|no context exists |the server could not find |unable to (?:decode|read) ).*)$/;
const USAGE = /^See 'kubectl .{0,100}--help' for usage\.$/;
const BROKEN = /^error parsing (?<path>[^:]{1,400}): .{0,200}yaml: line (?<line>\d{1,6}): /;
/** `Waiting for deployment "site" rollout to finish: …`, `Waiting for 1 pods to be ready...` */
const WAITING = /^(?:Waiting for (?:(?<what>[a-z]{1,40} "[^"]{1,253}") rollout to finish: |.{1,100}\.\.\.$))/;
const TIME_OUT = 'timed out waiting for the condition';

/**
 * What kubectl and the API server say of manifests and rollouts.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/
 */
export const kubectl: FailureParser = { name: 'kubectl', commands: COMMAND, start };

function start(command: string): Reading {
  const findings = collectFindings();
  const isKubectl = COMMAND.test(command);
  const seen = new Set<string>();
  let open: OpenFinding | null = null;
  let left = 0;
  let waiting: Waiting = { what: '', text: '' };
  /** What only the lines below it explain. */
  let before = '';
  const add = (text: string, line: number) => {
    open = null;
    before = '';
    if (seen.has(text) || seen.size >= MOST_KEYS) return;
    seen.add(text);
    const told = explain(text, waiting);
    open = findings.add({ kind: 'deploy', ...told, place: placeOf(text), line });
    left = MOST_LINES;
  };
  const more = (text: string) => {
    if (left > 0 && (text.startsWith('- ') || text === 'ensure CRDs are installed first')) open?.say(text);
    else open = null;
    left -= 1;
  };
  const other = (text: string, line: number) => {
    const isUsage = before.startsWith('error: ') && USAGE.test(text);
    if (isUsage) add(before.slice('error: '.length), line - 1);
    else if (before !== '' && text.startsWith('from server for: ')) add(text, line);
    else more(text);
    if (text.startsWith('Waiting for ')) waiting = readWaiting(text) ?? waiting;
    if (text.startsWith('error: ')) before = text;
  };
  return {
    line(text, line) {
      const error =
        readError(text) ?? (isKubectl && text.startsWith('error: ') ? text.slice('error: '.length) : null);
      if (error === null) other(text, line);
      else if (error.endsWith(' current configuration of:')) before = error;
      else add(error, line);
    },
    end: findings.all,
  };
}

interface Waiting {
  readonly what: string;
  readonly text: string;
}

function explain(text: string, waiting: Waiting): { readonly name: string; readonly message: string } {
  if (text === TIME_OUT)
    return { name: waiting.what === '' ? text : `${waiting.what}: ${text}`, message: waiting.text };
  const name = nameKubernetesError(text).replace(/:$/, '');
  if (text.startsWith(name)) return { name, message: '' };
  // A patch is told whole; what is wrong in it comes last.
  return { name, message: text.startsWith('patch: ') && text.length > 400 ? `…${text.slice(-300)}` : text };
}

/** Null for nearly all lines. */
function readError(text: string): string | null {
  const pattern = text.startsWith('Error from server')
    ? FROM_SERVER
    : text.startsWith('The ')
      ? THE
      : text.startsWith('error: ')
        ? ERROR
        : text.startsWith('Unable to connect')
          ? CONNECT
          : null;
  return pattern?.exec(text)?.groups?.text ?? null;
}

function readWaiting(text: string): Waiting | null {
  const found = WAITING.exec(text);
  return found === null ? null : { what: found.groups?.what ?? '', text };
}

function placeOf(text: string): Place | null {
  const found = BROKEN.exec(text)?.groups;
  return found?.path === undefined ? null : { path: found.path, line: Number(found.line) };
}
