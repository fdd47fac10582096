import { gateName, runName } from '../core/pipeline/names.ts';
import { renderRun } from '../core/pipeline/render-run.ts';
import type { Run } from '../core/pipeline/run.ts';
import { checkName } from '../core/plan/check-name.ts';
import type { Plan, PlannedRun } from '../core/plan/plan.ts';
import { skippedGateReport } from '../core/report/gate-check.ts';
import type { OperatorSettings } from '../core/settings/settings.ts';
import { settingsFor } from '../core/settings/settings-for.ts';
import { keyOfPush, type LivePush } from './plan-push.ts';
import type { Engine, Log, Metrics, Repositories, RunCredentials } from './ports.ts';
import { publishReport, type ReportPorts } from './publish-report.ts';
import type { TokenKeeper } from './renew-tokens.ts';
import {
  type GateMember,
  type GateNotes,
  noteAnnotations,
  type RunNotes,
  type TargetNotes,
  wantsAnnotation,
} from './run-notes.ts';
import type { SecretRegister } from './secret-register.ts';

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

/**
 * Makes the runs of a plan. All are rendered and validated before the first is made, so that one that is refused stops
 * all; the gate's keeper comes first. A plan without any run ends as a skipped gate.
 */
export async function startPlan(
  ports: StartPorts,
  event: LivePush,
  { plan, receivedAt }: { plan: Plan; receivedAt: Date },
): Promise<void> {
  const planned = plan.projects.filter((project) => project.runs);
  if (planned.length === 0) return publishSkippedGate(ports, event, plan);
  const gate = plan.gated ? gateOf(event, plan) : null;
  const runs = planned.map((run) => render(ports.settings, event, { run, gate, receivedAt }));
  for (const run of runs) await ports.engine.validate(run);
  const credentials = await gitCredentials(ports, event);
  for (const run of runs) {
    await ports.engine.submit(run, credentials);
    ports.tokens.given(run.name, credentials.git.expiresAt);
    ports.metrics.runMade((ports.clock.now().getTime() - receivedAt.getTime()) / 1000);
    ports.log.info({ run: run.name }, 'run made');
  }
}

interface Making {
  readonly run: PlannedRun;
  readonly gate: GateNotes | null;
  readonly receivedAt: Date;
}

function render(settings: OperatorSettings, event: LivePush, making: Making): Run {
  const { repository, ref, message } = event;
  const fullName = `${repository.owner}/${repository.name}`;
  const { run, receivedAt } = making;
  const wants = ref.kind === 'branch' ? { [ref.name]: (event.pushedAt ?? receivedAt).toISOString() } : {};
  return renderRun({
    run,
    settings: settingsFor(settings, fullName),
    annotations: { ...noteAnnotations(notesOf(event, making)), ...wantsAnnotation(wants) },
    source: {
      repository: fullName,
      installationId: repository.installationId,
      cloneUrl: repository.cloneUrl,
      branch: ref.kind === 'branch' ? ref.name : '',
      tag: ref.kind === 'tag' ? ref.name : '',
      pullRequest: null,
      title: [...(message.split('\n')[0] ?? '')].slice(0, TITLE_LENGTH).join(''),
      credentials: true,
    },
  });
}

function notesOf(event: LivePush, { run, gate, receivedAt }: Making): RunNotes {
  const { key } = run;
  return {
    repository: event.repository,
    sha: event.sha,
    project: run.name,
    attempt: key.attempt,
    checkName: checkName({ ...(gate === null ? {} : { project: run.name }), tag: key.tag }),
    purpose: key.purpose,
    trust: key.trust,
    receivedAt: receivedAt.toISOString(),
    pushedAt: (event.pushedAt ?? receivedAt).toISOString(),
    before: event.before,
    targets: targetsOf(run),
    decisions: run.decisions,
    gate,
  };
}

/** Only a publish run has turns; which of its targets it deploys to, its turns say. */
function targetsOf({ key, project }: PlannedRun): TargetNotes[] {
  return key.purpose === 'publish' ? project.deploy.map(({ to, approve }) => ({ to, approve })) : [];
}

async function gitCredentials(ports: StartPorts, event: LivePush): Promise<Required<RunCredentials>> {
  const token = await ports.repositories.cloneToken(event.repository, 'trusted');
  ports.secrets.add(token.token, token.expiresAt);
  return { git: { url: event.repository.cloneUrl, ...token } };
}

function gateOf(event: LivePush, plan: Plan): GateNotes {
  const members = plan.projects.map((project): GateMember => {
    if (!project.runs) return { project: project.name, skipped: project.reason };
    return { project: project.name, run: runName(event.repository.name, project.key) };
  });
  return {
    checkName: checkName({ tag: keyOfPush(event, '').tag }),
    externalId: gateName(keyOfPush(event, '')),
    keeper: members.flatMap((member) => ('run' in member ? member.run : []))[0] ?? '',
    members,
  };
}

async function publishSkippedGate(ports: StartPorts, event: LivePush, plan: Plan): Promise<void> {
  const rows = plan.projects.flatMap((project) =>
    project.runs ? [] : [{ project: project.name, skipped: project.reason }],
  );
  await publishReport(ports, event, skippedGateReport(rows));
}
