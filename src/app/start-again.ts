import { ANNOTATION } from '../core/pipeline/annotations.ts';
import { renderRun } from '../core/pipeline/render-run.ts';
import type { Run } from '../core/pipeline/run.ts';
import type { PlannedRun } from '../core/plan/plan.ts';
import type { OperatorSettings } from '../core/settings/settings.ts';
import { settingsFor } from '../core/settings/settings-for.ts';
import { planAgain } from './plan-push.ts';
import type { Engine, Log, Repositories } from './ports.ts';
import type { TokenKeeper } from './renew-tokens.ts';
import type { KnownRun } from './run-index.ts';
import { noteAnnotations, readWants, wantsAnnotation } from './run-notes.ts';
import type { SecondAttempt } from './second-attempt.ts';
import type { SecretRegister } from './secret-register.ts';

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
  const { repository, sha, trust } = first.notes;
  const planned = await planAgain(
    ports,
    { repository, sha },
    {
      key: second.key,
      branch: first.annotations[ANNOTATION.branch] ?? '',
      reason: `attempt ${second.key.attempt}: the pod of the one before was ended from outside`,
    },
  );
  const run = render(ports.settings, first, planned);
  await ports.engine.validate(run);
  const token = await ports.repositories.cloneToken(repository, trust);
  ports.secrets.add(token.token, token.expiresAt);
  await ports.engine.submit(run, { git: { url: repository.cloneUrl, ...token } });
  ports.tokens.given(run.name, token.expiresAt);
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
      pullRequest: null,
      title: annotations[ANNOTATION.title] ?? '',
      credentials: true,
    },
  });
}
