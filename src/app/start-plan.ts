import { gateName, runName } from '../core/pipeline/names.ts';
import { renderRun } from '../core/pipeline/render-run.ts';
import type { RenderSettings } from '../core/pipeline/render-settings.ts';
import type { Run } from '../core/pipeline/run.ts';
import { checkName } from '../core/plan/check-name.ts';
import type { Plan, PlannedRun } from '../core/plan/plan.ts';
import { skippedGateReport } from '../core/report/gate-check.ts';
import { keyOfPush, type LivePush } from './plan-push.ts';
import type { Engine, Log, Repositories, RunCredentials } from './ports.ts';
import { publishReport, type ReportPorts } from './publish-report.ts';
import { type GateMember, type GateNotes, noteAnnotations, type RunNotes } from './run-notes.ts';
import type { SecretRegister } from './secret-register.ts';

/** Characters of a commit's title that are kept; GitHub shows about as many. */
const TITLE_LENGTH = 200;

export interface StartPorts extends ReportPorts {
  readonly repositories: Repositories;
  readonly engine: Engine;
  readonly settings: RenderSettings;
  readonly secrets: SecretRegister;
  readonly log: Log;
}

/**
 * Makes the runs of a plan. All are rendered before the first is made, so that one that cannot be rendered stops all;
 * the gate's keeper comes first. A plan without any run ends as a skipped gate.
 */
export async function startPlan(ports: StartPorts, event: LivePush, plan: Plan): Promise<void> {
  const planned = plan.projects.filter((project) => project.runs);
  if (planned.length === 0) return publishSkippedGate(ports, event, plan);
  const gate = plan.gated ? gateOf(event, plan) : null;
  const runs = planned.map((run) => render(ports.settings, event, { run, gate }));
  const credentials = await gitCredentials(ports, event);
  for (const run of runs) {
    await ports.engine.submit(run, credentials);
    ports.log.info({ run: run.name }, 'run made');
  }
}

function render(
  settings: RenderSettings,
  event: LivePush,
  { run, gate }: { run: PlannedRun; gate: GateNotes | null },
): Run {
  const { repository, ref, message, sha } = event;
  const notes: RunNotes = {
    repository,
    sha,
    project: run.name,
    attempt: run.key.attempt,
    checkName: checkName({ ...(gate === null ? {} : { project: run.name }), tag: run.key.tag }),
    decisions: run.decisions,
    gate,
  };
  return renderRun({
    run,
    settings,
    annotations: noteAnnotations(notes),
    source: {
      repository: `${repository.owner}/${repository.name}`,
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

async function gitCredentials(ports: StartPorts, event: LivePush): Promise<RunCredentials> {
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
