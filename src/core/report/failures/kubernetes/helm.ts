import { collectFindings } from '../collect-findings.ts';
import type { FailureParser, Reading } from '../failure-parser.ts';
import type { Finding, Place } from '../finding.ts';
import { explainHelmError, readTemplateError } from './helm-errors.ts';

const COMMAND = /\bhelm\b/;
/** The folder of the chart in `helm upgrade … api ./chart`. */
const CHART = /\bhelm .{0,2000}?\s\.\/(\S{1,300})(?=\s|$)/;
/** Below one error. */
const MOST_LINES = 30;

/** Only Helm says so, of a release or a chart. Its other errors count after a line that is its own: nearly all programs say `Error: `. */
const OWN_ERROR =
  /^(?:template: [^:]{1,400}:\d|(?:parse|execution) error at \(|YAML parse error on |values don't meet the specifications|release \S{1,60} failed, and has been |release: |UPGRADE FAILED: |INSTALLATION FAILED: |Kubernetes cluster unreachable: |query: failed to query with labels: |unable to build kubernetes objects from |Unable to continue with |Chart\.yaml file is missing|path "[^"]{1,400}" not found|repo \S{1,200} not found|failed parsing --set|An error occurred while checking for chart dependencies|\d{1,6} chart\(s\) linted)/;
const OWN_LINE =
  /^(?:Release "(?<release>[^"]{1,60})" (?:does not exist\. Installing it now\.|has been upgraded\. )|==> Linting |Deploying \.\/(?<chart>.{1,400}) as (?<name>\S{1,60}) to namespace |Getting updates for unmanaged Helm repositories|Hang tight while we grab the latest|Update Complete\. |Saving \d{1,6} charts$)/;
const OWN_BEGIN: ReadonlySet<string> = new Set(['Rele', '==> ', 'Depl', 'Gett', 'Hang', 'Upda', 'Savi']);
/** Helm goes on, and misses the chart later. */
const NO_UPDATE = '...Unable to get an update from the ';
const LINTED = /^\[(?<level>ERROR|WARNING)\] (?<text>.*)$/;

/**
 * What Helm says of charts and releases.
 *
 * @see https://helm.sh/docs/helm/
 */
export const helm: FailureParser = { name: 'helm', commands: COMMAND, start };

interface Context {
  readonly isHelm: boolean;
  readonly isLint: boolean;
  readonly release: string;
  /** The chart's folder, which Helm's own errors name by the chart. */
  readonly chart: string;
}

interface HelmError {
  readonly text: string;
  readonly line: number;
  readonly more: string[];
}

function start(command: string): Reading {
  const findings = collectFindings();
  let context: Context = {
    isHelm: COMMAND.test(command),
    isLint: false,
    release: '',
    chart: CHART.exec(command)?.[1] ?? '',
  };
  let error: HelmError | null = null;
  let missed: readonly string[] = [];
  const close = () => {
    const told = error === null ? [] : explainHelmError(error.text, error.more, { ...context, missed });
    for (const one of told)
      findings.add({
        kind: 'deploy',
        line: error?.line ?? 1,
        ...one,
        place: inFolder(one.place, context.chart),
      });
    error = null;
  };
  const begin = (text: string, line: number) => {
    close();
    const isSummary = context.isLint && text.includes(' chart(s) linted, ');
    if (!isSummary) error = { text, line, more: [] };
  };
  const below = (text: string, open: HelmError) => {
    // A program's own error has a stack.
    if (open.more.length === 0 && /^\s{2,8}at /.test(text)) error = null;
    else if (text === '' || open.more.length >= MOST_LINES) close();
    else open.more.push(text);
  };
  const other = (text: string, line: number) => {
    const finding = context.isLint ? readLint(text) : null;
    if (finding !== null) findings.add({ ...finding, line, place: inFolder(finding.place, context.chart) });
    else if (error !== null) below(text, error);
    else if (text.startsWith(NO_UPDATE)) missed = [text.slice('...'.length)];
    else if (missed.length === 1 && text.startsWith('\t')) missed = [...missed, text.trim()];
  };
  return {
    line(text, line) {
      const said = text.startsWith('Error: ') ? text.slice('Error: '.length) : null;
      if (said !== null && (context.isHelm || OWN_ERROR.test(said))) begin(said, line);
      else if (OWN_BEGIN.has(text.slice(0, 4))) context = readContext(text, context);
      else other(text, line);
    },
    end() {
      close();
      return findings.all();
    },
  };
}

function readContext(text: string, context: Context): Context {
  const found = OWN_LINE.exec(text);
  if (found === null) return context;
  const { release, name, chart } = found.groups ?? {};
  return {
    isHelm: true,
    isLint: text.startsWith('==> Linting '),
    release: release ?? name ?? context.release,
    chart: chart ?? context.chart,
  };
}

function readLint(text: string): Omit<Finding, 'line'> | null {
  const found = text.startsWith('[') ? LINTED.exec(text)?.groups : undefined;
  // What follows is what another line tells too.
  if (found?.text === undefined || found.text === ': unable to load chart') return null;
  const said = found.text.replace(/^templates\/: /, '');
  const told = readTemplateError(said) ?? { name: said, message: '', place: null };
  return { kind: 'lint', level: found.level === 'WARNING' ? 'warning' : 'failure', ...told };
}

/** `api/templates/a.yaml` of the chart api is in the chart's folder, however that is called. */
function inFolder(place: Place | null, chart: string): Place | null {
  if (place === null || chart === '') return place;
  return { ...place, path: place.path.replace(/^[^/]{1,200}\/(?=templates\/|charts\/)/, () => `${chart}/`) };
}
