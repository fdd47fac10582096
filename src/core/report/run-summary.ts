import type { Blocked, Cause, InfrastructureReason, RunStatus, StepStatus } from '../pipeline/run-status.ts';
import { annotationNote } from './annotations.ts';
import { cutBytes } from './cut-bytes.ts';
import { elapsed } from './elapsed.ts';
import { failureCard } from './failure-card.ts';
import { infrastructureHint } from './infrastructure-hint.ts';
import { code, fold, link, plain, table } from './markdown.ts';
import { mask } from './mask.ts';
import type { RunFacts } from './run-check.ts';
import { sameStep, stepLabel } from './step-label.ts';

/** GitHub's limit: https://docs.github.com/en/rest/checks/runs */
const SUMMARY_LIMIT = 65_535;
const DECISIONS_LIMIT = 20_000;

/** The check's summary: failure first, then the stage table, the image, the environments, the decisions, and the way to the log. */
export function runSummary(facts: RunFacts, status: RunStatus): string {
  const parts = [
    status.phase === 'done' && status.cause !== undefined ? causeCard(facts, status.cause) : '',
    'blocked' in status && status.blocked !== undefined ? blockedText(status.blocked, facts) : '',
    status.phase === 'running' || status.phase === 'done' ? stageTable(status.steps) : '',
    facts.history ?? '',
    status.phase === 'done' ? image(status.results) : '',
    status.phase === 'done' ? deployed(status.steps, facts.environments) : '',
    decisionsFold(facts.decisions),
    `[Full log](${facts.detailsUrl})`,
  ];
  return cutBytes(parts.filter((part) => part !== '').join('\n\n'), SUMMARY_LIMIT);
}

/** Without the first cause itself: GitHub shows the check's title right above. */
function causeCard(facts: RunFacts, cause: Cause): string {
  if (cause.kind === 'infrastructure') {
    return infrastructureText(cause, facts);
  }
  const card = facts.failure === undefined ? '' : failureCard(facts.failure);
  const note = facts.annotations?.length ? annotationNote(facts.failure?.findings ?? []) : '';
  const command = reproduction(facts, cause);
  const memory = cause.kind === 'step' && cause.outOfMemory === true ? [MORE_MEMORY] : [];
  const reproduce = command === null ? '' : `Reproduce it: ${code(command)}`;
  return [card, note, ...memory, reproduce].filter((part) => part !== '').join('\n\n');
}

const MORE_MEMORY =
  'It was killed when it needed more memory than it may have: raise `resources: { memory: … }` in `.tekton-ci.yml`.';

function infrastructureText({ reason, detail }: Blocked, { retryUrl, secrets }: RunFacts): string {
  const known = infrastructureHint(reason);
  const innocent = known?.byConfig === true ? [] : ['Nothing in the commit causes this.'];
  const next = retryUrl === undefined ? hintOf(reason) : [`It was [tried again](${retryUrl}) by itself.`];
  return [plain(mask(detail, secrets)), [...innocent, ...next].join(' ')]
    .filter((part) => part !== '')
    .join('\n\n');
}

function blockedText({ reason, detail }: Blocked, { secrets }: RunFacts): string {
  return [plain(mask(detail, secrets)), ...hintOf(reason)].join('\n\n');
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

/** With a bar that shows where the time went. */
function stageTable(steps: readonly StepStatus[]): string {
  const longest = Math.max(...steps.map(secondsOf));
  const hasBars = longest >= SHORTEST_BAR_SECONDS;
  return table(
    ['Stage', 'Result', 'Time', ...(hasBars ? [''] : [])],
    steps.map((step) => [
      plain(stepLabel(step)),
      result(step),
      time(step),
      ...(hasBars ? ['█'.repeat(Math.round((secondsOf(step) / longest) * BAR_CELLS))] : []),
    ]),
  );
}

/** Cells of the longest stage's bar. */
const BAR_CELLS = 12;

/** Of shorter stages there is nothing to see. */
const SHORTEST_BAR_SECONDS = 5;

function secondsOf({ startedAt, finishedAt }: StepStatus): number {
  if (startedAt === undefined || finishedAt === undefined) return 0;
  return Math.max(0, finishedAt.getTime() - startedAt.getTime()) / 1000;
}

/** The image that was pushed, as it can be pulled: with the digest nobody can put another in its place. */
function image({ imageUrl, imageDigest }: Extract<RunStatus, { phase: 'done' }>['results']): string {
  return imageUrl === undefined || imageDigest === undefined
    ? ''
    : `Image: ${code(`${imageUrl}@${imageDigest}`)}`;
}

/** Only what has been deployed: an older one may still be at the other addresses. */
function deployed(steps: readonly StepStatus[], environments: RunFacts['environments']): string {
  const links = steps.flatMap(({ stage, variant = '', state }) => {
    const url = stage === 'deploy' && state === 'succeeded' ? environments?.get(variant) : undefined;
    return url === undefined ? [] : [link(variant, url)];
  });
  return links.length === 0 ? '' : `Deployed: ${links.join(', ')}`;
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
