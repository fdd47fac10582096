import { gateName, runName } from '../core/pipeline/names.ts';
import type { PushEvent, RepositoryRef } from '../core/plan/event.ts';
import { closeOrphans, type OrphanPorts } from './close-orphans.ts';
import { isLive, keyOfPush, type LivePush } from './plan-push.ts';
import { type Head, type Heads, type InstalledRepository, type Mark, TryLaterError } from './ports.ts';
import { type RepeatPorts, repeat } from './repeat.ts';

export interface HeadSweepPorts extends RepeatPorts, OrphanPorts {
  readonly heads: Heads;
  /** When the last sweep that saw everything began. */
  readonly mark: Mark;
  /** Acts on a push as if it were delivered. */
  readonly handle: (event: PushEvent) => Promise<void>;
}

export interface HeadSweepOptions {
  readonly intervalMs: number;
  /** Before the first sweep: a server that starts has better to do. */
  readonly delayMs: number;
}

/** Commits whose checks one sweep lists, which is a request each; what is left comes with the next one. */
const MOST_COMMITS = 200;

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
 * Finds branches and tags whose commit has a config but no check of ours, and starts what their push would have, until
 * the signal: GitHub sends no event for a push of more than three tags, and forgets events after three days. Only
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
  for await (const installed of sweep.heads.repositories()) {
    sweep.signal.throwIfAborted();
    if (installed.pushedAt.getTime() < sweep.since - OVERLAP_MS) continue;
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
  const { repository, installedAt } = installed;
  // Whatever is pushed after this is newer than what is listed.
  const seenAt = sweep.clock.now();
  for (const head of await sweep.heads.newest(repository)) {
    if (!head.configured || head.committedAt < installedAt) continue;
    const event = eventOf(repository, head, seenAt);
    const key = `${repository.id}/${head.ref.kind}/${head.ref.name}/${head.sha}`;
    if (sweep.settled.has(key) || !isLive(event) || checkIds(event).some(sweep.isKnown)) continue;
    if (pass.left === 0) {
      pass.complete = false;
      return;
    }
    pass.left -= 1;
    await orIncomplete(sweep, pass, installed, async () => {
      await settle(sweep, event);
      sweep.settled.add(key);
    });
  }
}

async function settle(sweep: Sweep, event: LivePush): Promise<void> {
  const { checks, log, handle } = sweep;
  const { repository, sha, ref } = event;
  const ours = await checks.list(repository, sha);
  await closeOrphans(sweep, { repository, sha }, ours);
  const wanted = checkIds(event);
  if (ours.some(({ externalId }) => wanted.includes(externalId))) return;
  log.info({ repository: `${repository.owner}/${repository.name}`, sha, ref }, 'a head without a check');
  await handle(event);
}

/**
 * The external ids of the check that a push gets: the run of a repository that is one project, or the gate or the
 * report of any. They differ between a branch's commit that was verified and the same commit on the default branch.
 */
function checkIds(event: LivePush): readonly string[] {
  return [runName(event.repository.name, keyOfPush(event, '.')), gateName(keyOfPush(event, ''))];
}

/** The push that nobody told of. What was there before is not known, so every project may have changed. */
function eventOf(repository: RepositoryRef, head: Head, seenAt: Date): LivePush {
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
