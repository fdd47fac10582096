import { gateName } from '../../core/pipeline/names.ts';
import { type Candidate, candidateKey, pushCandidate } from '../../core/plan/candidate.ts';
import type { ButtonEvent, ClickedCheck, RerunEvent } from '../../core/plan/event.ts';
import { startCandidate } from './start-candidate.ts';
import type { StartPorts } from './start-plan.ts';

/** Attempts among which that of a check is looked for. */
const MOST_ATTEMPTS = 100;

/** `tekton-ci (tag v1.2.0)` */
const TAG = /\(tag (?<tag>.+)\)$/;

/**
 * Plans a commit again whose check had no run: it was skipped, refused or invalid. Nothing is left out this time. Whose check it is
 * follows from its external id; nothing happens to one of a pull request from a fork, whose number nobody tells.
 */
export async function rerunReport(
  ports: StartPorts,
  event: (RerunEvent | ButtonEvent) & { readonly check: ClickedCheck },
): Promise<void> {
  const candidate = candidateOf(ports, event);
  if (candidate !== null) await startCandidate(ports, { ...candidate, filtered: false, gated: true });
}

function candidateOf(
  { settings, clock }: StartPorts,
  event: (RerunEvent | ButtonEvent) & { readonly check: ClickedCheck },
): Candidate | null {
  const { repository, sha, check, deliveryId, sender } = event;
  const tag = TAG.exec(check.name)?.groups?.tag;
  const branch = 'branch' in event ? event.branch : null;
  const name = tag ?? branch;
  if (name === null) return null;
  const found = pushCandidate(
    {
      kind: 'push',
      deliveryId,
      repository,
      ref: { kind: tag === undefined ? 'branch' : 'tag', name },
      before: null,
      sha,
      forced: false,
      pushedAt: clock.now(),
      message: '',
      sender,
    },
    settings.bots,
  );
  if ('ignored' in found) return null;
  const untrusted = { ...found, trust: 'untrusted', base: repository.defaultBranch } as const;
  return nextAttempt(found, check) ?? nextAttempt(untrusted, check);
}

/** The attempt after the one that the check was of; null when it was of none. */
function nextAttempt(candidate: Candidate, { externalId }: ClickedCheck): Candidate | null {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    if (gateName(candidateKey({ ...candidate, attempt }, '')) === externalId)
      return { ...candidate, attempt: attempt + 1 };
  }
  return null;
}
