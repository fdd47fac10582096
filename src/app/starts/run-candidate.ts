import type { Candidate, Ignored } from '../../core/plan/candidate.ts';
import type { ActingPorts } from '../events/handle-event.ts';
import { isAnswered, isRun, wholeAttempt } from './known-commits.ts';
import { startCandidate } from './start-candidate.ts';

/** Starts what a candidate asks for, then ends what it supersedes: what cannot be planned cancels nothing. */
export async function runCandidate(
  ports: ActingPorts,
  found: Candidate | Ignored,
  deliveryId: string,
): Promise<void> {
  if ('ignored' in found) {
    ports.log.info({ delivery: deliveryId, reason: found.ignored }, 'event ignored');
    return;
  }
  const { clock, inTurn } = ports;
  const { repository, sha, at = clock.now() } = found;
  await inTurn(`${repository.id}/${sha}`, () => startWanted(ports, { ...found, at }));
}

/** Once more when what there was of the commit was given up meanwhile, since nobody had told of this candidate. */
async function startWanted(ports: ActingPorts, found: Candidate & { readonly at: Date }): Promise<void> {
  const { runs, superseder } = ports;
  let attempt = superseder.attempt(found);
  for (let last = 0; last < attempt; attempt = superseder.attempt(found)) {
    last = attempt;
    const candidate = { ...found, attempt: wholeAttempt(runs, { ...found, attempt }) };
    if (!isRun(runs, candidate) && !isAnswered(runs, candidate)) await startCandidate(ports, candidate);
    if (found.ref.kind !== 'tag') await superseder.moved(candidate);
  }
}
