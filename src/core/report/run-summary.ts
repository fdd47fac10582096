import type { Blocked, Cause, InfrastructureReason, RunStatus, StepStatus } from '../pipeline/run-status.ts';
import { cutBytes } from './cut-bytes.ts';
import { elapsed } from './elapsed.ts';
import { infrastructureHint } from './infrastructure-hint.ts';
import { code, fenced, fold, plain, table } from './markdown.ts';
import type { RunFacts } from './run-check.ts';
import { sameStep, stepLabel } from './step-label.ts';

/** GitHub's limit: https://docs.github.com/en/rest/checks/runs */
const SUMMARY_LIMIT = 65_535;
/** What an excerpt of a log may take of it. */
const EXCERPT_LIMIT = 20_000;
const DECISIONS_LIMIT = 20_000;

/** The check's summary: failure first, then the stage table, the image, the decisions, and the way to the log. */
export function runSummary(facts: RunFacts, status: RunStatus): string {
  const parts = [
    status.phase === 'done' && status.cause !== undefined ? failureCard(facts, status.cause) : '',
    'blocked' in status && status.blocked !== undefined ? blockedText(status.blocked) : '',
    status.phase === 'running' || status.phase === 'done' ? stageTable(status.steps) : '',
    status.phase === 'done' ? image(status.results) : '',
    decisionsFold(facts.decisions),
    `[Full log](${facts.detailsUrl})`,
  ];
  return cutBytes(parts.filter((part) => part !== '').join('\n\n'), SUMMARY_LIMIT);
}

/** Without the first cause itself: GitHub shows the check's title right above. */
function failureCard(facts: RunFacts, cause: Cause): string {
  if (cause.kind === 'infrastructure') {
    return infrastructureText(cause, facts.retryUrl);
  }
  const excerpt =
    facts.excerpt === undefined || facts.excerpt === ''
      ? []
      : [fenced(cutBytes(facts.excerpt, EXCERPT_LIMIT))];
  const command = reproduction(facts, cause);
  const memory = cause.kind === 'step' && cause.outOfMemory === true ? [MORE_MEMORY] : [];
  return [...excerpt, ...memory, ...(command === null ? [] : [`Reproduce it: ${code(command)}`])].join(
    '\n\n',
  );
}

const MORE_MEMORY =
  'It was killed when it needed more memory than it may have: raise `resources: { memory: … }` in `.tekton-ci.yml`.';

function infrastructureText({ reason, detail }: Blocked, retryUrl: string | undefined): string {
  const known = infrastructureHint(reason);
  const innocent = known?.byConfig === true ? [] : ['Nothing in the commit causes this.'];
  const next = retryUrl === undefined ? hintOf(reason) : [`It was [tried again](${retryUrl}) by itself.`];
  return [plain(detail), [...innocent, ...next].join(' ')].filter((part) => part !== '').join('\n\n');
}

function blockedText({ reason, detail }: Blocked): string {
  return [plain(detail), ...hintOf(reason)].join('\n\n');
}

function hintOf(reason: InfrastructureReason): readonly string[] {
  const known = infrastructureHint(reason);
  return known === null ? [] : [plain(known.hint)];
}

/** The command that runs the failing stage on a developer's machine. */
function reproduction(facts: RunFacts, cause: Cause): string | null {
  if (cause.kind !== 'step' || cause.step.stage === 'clone') return null;
  const project = facts.project === '.' ? '' : ` --project ${facts.project}`;
  return `npx tekton-ci run ${cause.step.stage}${project}`;
}

function stageTable(steps: readonly StepStatus[]): string {
  return table(
    ['Stage', 'Result', 'Time'],
    steps.map((step) => [plain(stepLabel(step)), result(step), time(step)]),
  );
}

/** The image that was pushed, as it can be pulled: with the digest nobody can put another in its place. */
function image({ imageUrl, imageDigest }: Extract<RunStatus, { phase: 'done' }>['results']): string {
  return imageUrl === undefined || imageDigest === undefined
    ? ''
    : `Image: ${code(`${imageUrl}@${imageDigest}`)}`;
}

const RESULTS = {
  waiting: '⏳ waiting',
  running: '🔄 running',
  succeeded: '✅ succeeded',
  skipped: '⏭️ not run',
} as const;

function result(step: StepStatus): string {
  if (step.state !== 'failed') return RESULTS[step.state];
  return step.exitCode === undefined ? '❌ failed' : `❌ failed with exit code ${step.exitCode}`;
}

function time({ startedAt, finishedAt }: StepStatus): string {
  return startedAt === undefined || finishedAt === undefined ? '' : elapsed(startedAt, finishedAt);
}

function decisionsFold(decisions: readonly string[]): string {
  if (decisions.length === 0) return '';
  const list = decisions.map((decision) => `- ${plain(decision)}`).join('\n');
  return fold('Decisions', cutBytes(list, DECISIONS_LIMIT));
}

/** The step that a cause names, when its log tells more. */
export function culprit(status: RunStatus): StepStatus | null {
  if (status.phase !== 'done' || status.cause === undefined) return null;
  const { cause } = status;
  const step =
    cause.kind === 'step' ? cause.step : cause.kind === 'timeout' && cause.of !== 'run' ? cause.of : null;
  return step === null ? null : (status.steps.find((candidate) => sameStep(candidate, step)) ?? null);
}
