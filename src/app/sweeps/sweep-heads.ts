import { gateName, runName } from '../../core/pipeline/names.ts';
import { type Candidate, candidateKey, pushCandidate } from '../../core/plan/candidate.ts';
import type { PullRequestEvent, PushEvent, RepositoryRef } from '../../core/plan/event.ts';
import type { OperatorSettings } from '../../core/settings/settings.ts';
import { closeOrphans, type OrphanPorts } from '../checks/close-orphans.ts';
import type { Head, Heads, InstalledRepository, NewestHeads, PullRequestState } from '../github-ports.ts';
import { type Mark, TryLaterError } from '../ports.ts';
import { type RepeatPorts, repeat } from '../repeat.ts';

export interface HeadSweepPorts extends RepeatPorts, OrphanPorts {
  readonly heads: Heads;
  /** When the last sweep that saw everything began. */
  readonly mark: Mark;
  /** Acts on an event as if it were delivered. */
  readonly handle: (event: PushEvent | PullRequestEvent) => Promise<void>;
  readonly settings: Pick<OperatorSettings, 'bots'>;
}

export interface HeadSweepOptions {
  readonly intervalMs: number;
  /** Before the first sweep: a server that starts has better to do. */
  readonly delayMs: number;
}

/** Commits whose checks one sweep lists, which is a request each; what is left comes with the next one. */
const MOST_COMMITS = 200;

/** GitHub remembers deliveries for so long: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/viewing-webhook-deliveries */
const DELIVERIES_KEPT_MS = 3 * 24 * 3_600_000;

/** GitHub's clock and ours may differ. */
const OVERLAP_MS = 10 * 60_000;

interface Sweep extends HeadSweepPorts {
  readonly signal: AbortSignal;
  /** `id/kind/name/sha` of heads that need nothing more. */
  readonly settled: Set<string>;
  since: number;
}

interface Pass {
  left: number;
  complete: boolean;
}

/**
 * Finds branches, tags and forks' pull requests whose commit has a config but no check of ours, and starts what their event would have,
 * until the signal: GitHub sends no event for a push of more than three tags, and forgets events after three days. Only
 * repositories that were pushed to since the last complete sweep, and commits newer than the installation, are looked at.
 */
export async function sweepHeads(
  ports: HeadSweepPorts,
  { intervalMs, delayMs }: HeadSweepOptions,
  signal: AbortSignal,
): Promise<void> {
  const since = await ports.mark.load().catch(() => null);
  const sweep: Sweep = { ...ports, signal, settled: new Set(), since: since?.getTime() ?? 0 };
  await ports.clock.sleep(delayMs, signal).catch(() => {});
  await repeat(ports, { what: 'sweep of heads', intervalMs, work: () => sweepOnce(sweep) }, signal);
}

async function sweepOnce(sweep: Sweep): Promise<void> {
  const began = sweep.clock.now();
  const pass: Pass = { left: MOST_COMMITS, complete: true };
  const forgotten = began.getTime() - sweep.since > DELIVERIES_KEPT_MS;
  for await (const installed of sweep.heads.repositories()) {
    sweep.signal.throwIfAborted();
    // A fork's pull request is no push; of one that was not told of, its delivery may be gone.
    if (!forgotten && installed.pushedAt.getTime() < sweep.since - OVERLAP_MS) continue;
    await orIncomplete(sweep, pass, installed, () => sweepRepository(sweep, pass, installed));
  }
  if (!pass.complete) return;
  sweep.since = began.getTime();
  await sweep.mark.save(began);
}

/** What fails for one repository must not keep the others from being looked at. */
async function orIncomplete(
  { log }: Sweep,
  pass: Pass,
  { repository }: InstalledRepository,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TryLaterError) throw error;
    pass.complete = false;
    log.warn({ err: error, repository: `${repository.owner}/${repository.name}` }, 'heads not looked at');
  }
}

async function sweepRepository(sweep: Sweep, pass: Pass, installed: InstalledRepository): Promise<void> {
  // Whatever is pushed after this is newer than what is listed.
  const seenAt = sweep.clock.now();
  const newest = await sweep.heads.newest(installed.repository);
  for (const untold of [...pushes(sweep, installed, newest, seenAt), ...pulls(installed, newest)]) {
    if (sweep.settled.has(untold.key) || untold.ids.some(sweep.isKnown)) continue;
    if (pass.left === 0) {
      pass.complete = false;
      return;
    }
    pass.left -= 1;
    await orIncomplete(sweep, pass, installed, async () => {
      await settle(sweep, untold);
      sweep.settled.add(untold.key);
    });
  }
}

/** What an event would have told, which may have been told. */
interface Untold {
  readonly key: string;
  readonly event: PushEvent | PullRequestEvent;
  readonly sha: string;
  /** External ids of the check that it gets. */
  readonly ids: readonly string[];
}

function pushes(
  { settings }: Sweep,
  { repository, installedAt }: InstalledRepository,
  { heads }: NewestHeads,
  seenAt: Date,
): Untold[] {
  return heads.flatMap((head) => {
    if (!head.configured || head.committedAt < installedAt) return [];
    const event = pushOf(repository, head, seenAt);
    const candidate = pushCandidate(event, settings.bots);
    if ('ignored' in candidate) return [];
    const { sha } = candidate;
    const key = `${repository.id}/${head.ref.kind}/${head.ref.name}/${sha}`;
    return [{ key, event, sha, ids: checkIds(candidate) }];
  });
}

/** Without a config on the default branch a fork's pull request gets no check. */
function pulls({ repository, installedAt }: InstalledRepository, { heads, forks }: NewestHeads): Untold[] {
  const isConfigured = heads.some(
    ({ ref, configured }) => configured && ref.kind === 'branch' && ref.name === repository.defaultBranch,
  );
  const recent = forks.filter(({ at }) => isConfigured && at !== undefined && at >= installedAt);
  return recent.map((pull) => ({
    key: `${repository.id}/pull/${pull.number}/${pull.sha}`,
    event: pullRequestOf(repository, pull),
    sha: pull.sha,
    ids: [],
  }));
}

async function settle(sweep: Sweep, { event, sha, ids }: Untold): Promise<void> {
  const { checks, log, handle } = sweep;
  const { repository } = event;
  const ours = await checks.list(repository, sha);
  await closeOrphans(sweep, { repository, sha }, ours);
  // Any check answers a stranger's pull request.
  if (ours.some(({ externalId }) => ids.length === 0 || ids.includes(externalId))) return;
  log.info({ repository: `${repository.owner}/${repository.name}`, sha }, 'a head without a check');
  await handle(event);
}

/**
 * The external ids of the check that a push gets: the run of a repository that is one project, or the gate or the
 * report of any. They differ between a branch's commit that was verified and the same commit on the default branch.
 */
function checkIds(candidate: Candidate): readonly string[] {
  return [
    runName(candidate.repository.name, candidateKey(candidate, '.')),
    gateName(candidateKey(candidate, '')),
  ];
}

/** The push that nobody told of. What was there before is not known, so every project may have changed. */
function pushOf(repository: RepositoryRef, head: Head, seenAt: Date): PushEvent {
  const { ref, sha, message, author } = head;
  return {
    kind: 'push',
    deliveryId: `head-${repository.id}-${ref.kind}-${ref.name}-${sha}`,
    repository,
    ref,
    before: null,
    sha,
    forced: false,
    pushedAt: seenAt,
    message,
    // Who pushed is not known: id 0 is nobody, whom nothing is granted.
    sender: { id: 0, ...author },
  };
}

/** Nobody is known to have opened it with write access, so that it waits for an approval. */
function pullRequestOf(repository: RepositoryRef, pull: PullRequestState): PullRequestEvent {
  const { number, sha, branch, headRepositoryId, base, author, at = new Date(0) } = pull;
  return {
    kind: 'pull_request',
    deliveryId: `head-${repository.id}-pull-${number}-${sha}`,
    repository,
    action: 'opened',
    number,
    head: { sha, branch, repositoryId: headRepositoryId },
    base,
    before: null,
    author,
    at,
    sender: { id: 0, login: '', bot: false },
  };
}
