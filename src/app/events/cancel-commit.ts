import type { Asked } from './asked.ts';
import type { ActingPorts } from './handle-event.ts';

/** Ends every run of a pull request's newest commit that goes on and deploys nothing. Resolves with the answer when there is none. */
export async function cancelCommit(
  ports: ActingPorts,
  { repository, pull, sender }: Asked,
): Promise<string | null> {
  const live = ports.runs
    .ofCommit(repository.id, pull.sha)
    .filter(({ status, key }) => status.phase !== 'done' && key.purpose === 'verify');
  for (const { name } of live) await ports.engine.cancel(name, sender.login, '/tekton-ci cancel');
  return live.length === 0 ? `Nothing runs for ${pull.sha.slice(0, 7)}.` : null;
}
