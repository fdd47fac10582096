import { ANNOTATION } from '../../core/pipeline/annotations.ts';
import { renderRun } from '../../core/pipeline/render-run.ts';
import type { Run } from '../../core/pipeline/run.ts';
import type { PlannedRun } from '../../core/plan/plan.ts';
import type { RunKey } from '../../core/plan/run-key.ts';
import type { OperatorSettings } from '../../core/settings/settings.ts';
import { settingsFor } from '../../core/settings/settings-for.ts';
import { UserError } from '../../core/user-error.ts';
import type { Repositories } from '../github-ports.ts';
import type { Engine, Log } from '../ports.ts';
import type { TokenKeeper } from '../runs/renew-tokens.ts';
import type { KnownRun } from '../runs/run-index.ts';
import { noteAnnotations, readWants, wantsAnnotation } from '../runs/run-notes.ts';
import type { SecondAttempt } from '../runs/second-attempt.ts';
import type { SecretRegister } from '../runs/secret-register.ts';
import { candidateOfRun } from './candidate-of-run.ts';
import { planProjects } from './plan-commit.ts';

export interface AgainPorts {
  readonly repositories: Pick<Repositories, 'snapshot' | 'projectFiles' | 'cloneToken'>;
  readonly engine: Pick<Engine, 'validate' | 'submit' | 'annotate'>;
  readonly settings: OperatorSettings;
  readonly secrets: SecretRegister;
  readonly tokens: Pick<TokenKeeper, 'given'>;
  readonly log: Log;
}

/** Makes the second attempt at a run, from the same commit. Idempotent; rejects with a `UserError` when it would never be taken. */
export async function startAgain(ports: AgainPorts, first: KnownRun, second: SecondAttempt): Promise<void> {
  const { repository, trust } = first.notes;
  const planned = await planAgain(ports, first, second.key);
  const run = render(ports.settings, first, planned);
  await ports.engine.validate(run);
  const token = await ports.repositories.cloneToken(repository, trust);
  ports.secrets.add(token.token, token.expiresAt);
  await ports.engine.submit(run, { git: { url: repository.cloneUrl, ...token } });
  ports.tokens.given(run.name, token.expiresAt);
}

/** Rejects with a `UserError` when there is nothing to run any more. */
async function planAgain(
  ports: Pick<AgainPorts, 'repositories'>,
  first: KnownRun,
  { project, sha, attempt }: RunKey,
): Promise<PlannedRun> {
  const reason = `attempt ${attempt}: the pod of the one before was ended from outside`;
  const planned = await planProjects(ports, candidateOfRun(first, attempt), { names: [project], reason });
  const run = planned.kind === 'runs' ? planned.plan.projects[0] : undefined;
  if (run?.runs === true) return run;
  throw new UserError(
    'nothing-to-run-again',
    `The commit ${sha.slice(0, 7)} has nothing to run for the project ${project} any more: push again.`,
  );
}

/** As the first one, whatever it was told by its event. */
function render(settings: OperatorSettings, first: KnownRun, run: PlannedRun): Run {
  const { notes, annotations } = first;
  const { repository } = notes;
  const fullName = `${repository.owner}/${repository.name}`;
  const { decisions, key } = run;
  return renderRun({
    run,
    settings: settingsFor(settings, fullName),
    annotations: {
      ...noteAnnotations({ ...notes, attempt: key.attempt, decisions, retryOf: first.name }),
      ...wantsAnnotation(readWants(first)),
    },
    source: {
      repository: fullName,
      installationId: repository.installationId,
      cloneUrl: repository.cloneUrl,
      branch: annotations[ANNOTATION.branch] ?? '',
      tag: annotations[ANNOTATION.tag] ?? '',
      pullRequest: notes.ref.kind === 'pull' ? Number(notes.ref.name) : null,
      title: annotations[ANNOTATION.title] ?? '',
      credentials: true,
    },
  });
}
