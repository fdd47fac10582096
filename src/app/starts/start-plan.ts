import { gateName, runName } from '../../core/pipeline/names.ts';
import { renderRun } from '../../core/pipeline/render-run.ts';
import type { Run } from '../../core/pipeline/run.ts';
import { branchOf, type Candidate, candidateKey, refText } from '../../core/plan/candidate.ts';
import { checkName } from '../../core/plan/check-name.ts';
import type { Plan, PlannedRun } from '../../core/plan/plan.ts';
import { DOCKERFILE } from '../../core/report/failures/kaniko/kaniko-errors.ts';
import { skippedGateReport } from '../../core/report/gate-check.ts';
import type { OperatorSettings } from '../../core/settings/settings.ts';
import { settingsFor } from '../../core/settings/settings-for.ts';
import type { Repositories } from '../github-ports.ts';
import type { Engine, Log, Metrics, RunCredentials } from '../ports.ts';
import type { TokenKeeper } from '../runs/renew-tokens.ts';
import {
  type GateMember,
  type GateNotes,
  noteAnnotations,
  type RunNotes,
  type TargetNotes,
  type Wants,
  wantsAnnotation,
} from '../runs/run-notes.ts';
import type { SecretRegister } from '../runs/secret-register.ts';
import { publishReport, type ReportPorts } from './publish-report.ts';

/** Characters of a commit's title that are kept; GitHub shows about as many. */
const TITLE_LENGTH = 200;

export interface StartPorts extends ReportPorts {
  readonly repositories: Repositories;
  readonly engine: Engine;
  readonly settings: OperatorSettings;
  readonly secrets: SecretRegister;
  readonly tokens: Pick<TokenKeeper, 'given'>;
  readonly metrics: Pick<Metrics, 'runMade'>;
  readonly log: Log;
}

/** Makes the runs of a plan, and their gate. A plan without any run ends as a skipped gate. */
export async function startPlan(
  ports: StartPorts,
  candidate: Candidate,
  { plan, title, receivedAt }: { plan: Plan; title: string; receivedAt: Date },
): Promise<void> {
  const runs = plan.projects.filter((project) => project.runs);
  if (runs.length === 0) return publishSkippedGate(ports, candidate, plan);
  await makeRuns(ports, candidate, {
    runs,
    gate: plan.gated ? gateOf(candidate, plan) : null,
    title,
    receivedAt,
  });
}

export interface Making {
  readonly runs: readonly PlannedRun[];
  readonly gate: GateNotes | null;
  /** First line of the commit's message. */
  readonly title: string;
  readonly receivedAt: Date;
  /** The delivery that asked for another attempt. */
  readonly asked?: string;
  /** Who wants the commit besides the candidate. */
  readonly wants?: Wants;
}

/**
 * Makes runs. All are rendered and validated before the first is made, so that one that is refused stops all; the gate's keeper comes
 * first.
 */
export async function makeRuns(ports: StartPorts, candidate: Candidate, making: Making): Promise<void> {
  const runs = making.runs.map((run) => render(ports.settings, candidate, { ...making, run }));
  for (const run of runs) await ports.engine.validate(run);
  const credentials = await gitCredentials(ports, candidate);
  for (const run of runs) {
    await ports.engine.submit(run, credentials);
    ports.tokens.given(run.name, credentials.git.expiresAt);
    ports.metrics.runMade((ports.clock.now().getTime() - making.receivedAt.getTime()) / 1000);
    ports.log.info({ run: run.name }, 'run made');
  }
}

interface MakingOne extends Omit<Making, 'runs'> {
  readonly run: PlannedRun;
}

function render(settings: OperatorSettings, candidate: Candidate, making: MakingOne): Run {
  const { repository, ref } = candidate;
  const fullName = `${repository.owner}/${repository.name}`;
  const { run, title } = making;
  const own = ref.kind === 'tag' ? {} : { [refText(ref)]: wantedSince(candidate, making).toISOString() };
  return renderRun({
    run,
    settings: settingsFor(settings, fullName),
    annotations: {
      ...noteAnnotations(notesOf(candidate, making)),
      ...wantsAnnotation({ ...making.wants, ...own }),
    },
    source: {
      repository: fullName,
      installationId: repository.installationId,
      cloneUrl: repository.cloneUrl,
      branch: branchOf(ref),
      tag: ref.kind === 'tag' ? ref.name : '',
      pullRequest: ref.kind === 'pull' ? Number(ref.name) : null,
      title: [...title].slice(0, TITLE_LENGTH).join(''),
      credentials: true,
    },
  });
}

/** What somebody asked for is wanted from then on, whatever superseded it before. */
function wantedSince({ at }: Candidate, { asked, receivedAt }: MakingOne): Date {
  return asked === undefined ? (at ?? receivedAt) : receivedAt;
}

function notesOf(candidate: Candidate, { run, gate, receivedAt, asked }: MakingOne): RunNotes {
  const { key } = run;
  const dockerfile = run.project.image?.dockerfile ?? DOCKERFILE;
  return {
    repository: candidate.repository,
    sha: candidate.sha,
    ref: candidate.ref,
    project: run.name,
    folder: run.project.path,
    ...(dockerfile !== DOCKERFILE && { dockerfile }),
    attempt: key.attempt,
    checkName: checkName({ ...(gate === null ? {} : { project: run.name }), tag: key.tag }),
    purpose: key.purpose,
    trust: key.trust,
    receivedAt: receivedAt.toISOString(),
    pushedAt: (candidate.at ?? receivedAt).toISOString(),
    before: candidate.before,
    targets: targetsOf(run),
    decisions: run.decisions,
    gate,
    author: candidate.author,
    ...(asked !== undefined && { asked }),
  };
}

/** Only a publish run has turns; which of its targets it deploys to, its turns say. */
function targetsOf({ key, project }: PlannedRun): TargetNotes[] {
  return key.purpose === 'publish'
    ? project.deploy.map(({ to, approve, url }) => ({ to, approve, ...(url !== undefined && { url }) }))
    : [];
}

async function gitCredentials(ports: StartPorts, candidate: Candidate): Promise<Required<RunCredentials>> {
  const token = await ports.repositories.cloneToken(candidate.repository, candidate.trust);
  ports.secrets.add(token.token, token.expiresAt);
  return { git: { url: candidate.repository.cloneUrl, ...token } };
}

function gateOf(candidate: Candidate, plan: Plan): GateNotes {
  const members = plan.projects.map((project): GateMember => {
    if (!project.runs) return { project: project.name, skipped: project.reason };
    return { project: project.name, run: runName(candidate.repository.name, project.key) };
  });
  return {
    checkName: checkName({ tag: candidateKey(candidate, '').tag }),
    externalId: gateName(candidateKey(candidate, '')),
    attempt: candidate.attempt,
    keeper: members.flatMap((member) => ('run' in member ? member.run : []))[0] ?? '',
    members,
  };
}

async function publishSkippedGate(ports: StartPorts, candidate: Candidate, plan: Plan): Promise<void> {
  const rows = plan.projects.flatMap((project) =>
    project.runs ? [] : [{ project: project.name, skipped: project.reason }],
  );
  await publishReport(ports, candidate, skippedGateReport(rows));
}
