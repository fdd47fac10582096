import type { Deliveries, DeliveryAttempt } from '../github-ports.ts';
import { type Mark, type Metrics, TryLaterError } from '../ports.ts';
import { type RepeatPorts, repeat } from '../repeat.ts';
import {
  createDeliveryBacklog,
  type DeliveryBacklog,
  KEPT_MS,
  type Undelivered,
} from './delivery-backlog.ts';

export interface SweepPorts extends RepeatPorts {
  readonly deliveries: Deliveries;
  /** Everything that GitHub attempted before is settled. */
  readonly mark: Mark;
  readonly metrics: Pick<Metrics, 'redelivered' | 'deadLetter'>;
}

export interface SweepOptions {
  readonly intervalMs: number;
  /** Names of the events that we act on. */
  readonly events: ReadonlySet<string>;
}

/** An attempt is listed when it has ended, up to ten seconds after it began, so lists overlap. */
const OVERLAP_MS = 2 * 60_000;

/** In one sweep, so that a long outage does not come back as a flood. */
const MOST_REDELIVERIES = 100;

interface Sweep extends SweepPorts {
  readonly backlog: DeliveryBacklog;
  /** The newest attempt that was listed. */
  seen: Date | null;
  saved: number;
}

/**
 * Finds events that GitHub could not deliver, and has it deliver them again, until the signal. GitHub itself never
 * does: https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries. Deliveries are listed
 * whatever became of them, since one that failed may have been delivered by a later attempt.
 */
export async function sweepDeliveries(
  ports: SweepPorts,
  { intervalMs, events }: SweepOptions,
  signal: AbortSignal,
): Promise<void> {
  const backlog = createDeliveryBacklog({
    actsOn: ({ event, installationId }) => events.has(event) && installationId !== null,
    firstPauseMs: intervalMs,
  });
  const seen = await ports.mark.load().catch((error: unknown) => {
    ports.log.warn({ err: error }, 'deliveries are listed from the beginning');
    return null;
  });
  const sweep: Sweep = { ...ports, backlog, seen, saved: seen?.getTime() ?? 0 };
  await repeat(
    ports,
    { what: 'sweep of deliveries', intervalMs, work: () => sweepOnce(sweep, signal) },
    signal,
  );
}

async function sweepOnce(sweep: Sweep, signal: AbortSignal): Promise<void> {
  const { backlog, clock, log, metrics } = sweep;
  const listed = await list(sweep, signal);
  backlog.take(listed);
  sweep.seen = listed[0]?.deliveredAt ?? sweep.seen;
  for (const { guid, event, installationId, tries } of backlog.giveUp(clock.now())) {
    metrics.deadLetter();
    log.error({ delivery: guid, event, installation: installationId, tries }, 'delivery given up');
  }
  for (const undelivered of backlog.due(clock.now()).slice(0, MOST_REDELIVERIES)) {
    if (signal.aborted) return;
    await redeliver(sweep, undelivered);
  }
  await saveMark(sweep);
}

/** All attempts since the newest that is known, newest first. */
async function list({ deliveries, clock, seen }: Sweep, signal: AbortSignal): Promise<DeliveryAttempt[]> {
  const kept = clock.now().getTime() - KEPT_MS;
  const since = seen === null ? kept : Math.max(kept, seen.getTime() - OVERLAP_MS);
  const listed: DeliveryAttempt[] = [];
  let cursor: string | null = null;
  do {
    signal.throwIfAborted();
    const page: Awaited<ReturnType<Deliveries['page']>> = await deliveries.page(cursor);
    listed.push(...page.attempts);
    const oldest = page.attempts.at(-1);
    cursor = oldest === undefined || oldest.deliveredAt.getTime() < since ? null : page.next;
  } while (cursor !== null);
  return listed;
}

async function redeliver(sweep: Sweep, { guid, id, event, tries }: Undelivered): Promise<void> {
  const { backlog, clock, deliveries, log, metrics } = sweep;
  try {
    await deliveries.redeliver(id);
    metrics.redelivered();
    log.info({ delivery: guid, event, tries: tries + 1 }, 'delivery asked for again');
  } catch (error) {
    if (error instanceof TryLaterError) throw error;
    // It may have been heard all the same, and one that GitHub refuses must not keep the others waiting.
    log.warn({ err: error, delivery: guid, event }, 'a redelivery was not answered');
  }
  backlog.asked(guid, clock.now());
}

/** A mark that cannot be kept costs requests at the next start, and nothing else. */
async function saveMark(sweep: Sweep): Promise<void> {
  const settled = Math.min(
    ...[sweep.backlog.oldest(), sweep.seen].map((at) => at?.getTime() ?? Number.MAX_VALUE),
  );
  if (settled === Number.MAX_VALUE || settled === sweep.saved) return;
  try {
    await sweep.mark.save(new Date(settled));
    sweep.saved = settled;
  } catch (error) {
    sweep.log.warn({ err: error }, 'the mark of deliveries was not kept');
  }
}
