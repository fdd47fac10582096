import type { Clock, Log } from '../app/ports.ts';
import type { Blocked } from '../core/pipeline/run-status.ts';
import { endRun } from './end-run.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import type { RunEntry } from './run-entry.ts';
import { hasEnded } from './status/condition.ts';
import { runStatus } from './status/run-status.ts';
import { startingSince } from './status/task-start.ts';
import type { TurnFacts } from './turn-facts.ts';
import { type TurnEnd, writeTurn } from './turn-status.ts';

export interface TendOptions {
  readonly client: KubeClient;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** A task that has not begun after so long is ended, with its run. */
  readonly startTimeoutMs: number;
}

/** Does for runs what Tekton leaves to others: ends turns that nobody wants any more, and runs that cannot start. */
export interface RunTender {
  /** To be called when something of a run was seen, and from time to time; what failed is tried again then. */
  tend(entry: RunEntry): void;
}

export function createRunTender({ client, clock, log, startTimeoutMs }: TendOptions): RunTender {
  const underWay = new Set<string>();

  async function act(what: string, entry: RunEntry, action: () => Promise<void>): Promise<void> {
    const id = `${entry.name} ${what}`;
    if (underWay.has(id)) return;
    underWay.add(id);
    try {
      await action();
      log.info({ run: entry.name, what }, 'run tended');
    } catch (error) {
      // Somebody was faster, and the object will be seen again as it is now.
      if (statusOf(error) === 409 || statusOf(error) === 404) return;
      log.warn({ err: error, run: entry.name, what }, 'run not tended, will try again');
    } finally {
      underWay.delete(id);
    }
  }

  return {
    tend(entry) {
      const { name, namespace } = entry;
      const now = clock.now();
      for (const turn of entry.turns.values()) {
        const end = endOfTurn(turn, now);
        if (end === null) continue;
        void act(`turn ${turn.name} ${end.kind}`, entry, () =>
          writeTurn(client, { namespace, turn, now }, end),
        );
      }
      const stuck = whyStuck(entry, now, startTimeoutMs);
      if (stuck === null) return;
      void act('ended before it began', entry, () =>
        endRun(
          client,
          { namespace, name },
          { cause: { kind: 'infrastructure', ...stuck, retry: false }, now },
        ),
      );
    },
  };
}

function endOfTurn({ ended, unwanted, expiresAt }: TurnFacts, now: Date): TurnEnd | null {
  if (ended) return null;
  if (unwanted !== null) return { kind: 'cancelled', message: unwanted };
  if (expiresAt === null || now < expiresAt) return null;
  return { kind: 'timed-out', message: 'The turn was not answered in time.' };
}

/** Null when the run goes on as it should, and once it was ended. */
function whyStuck({ record, own }: RunEntry, now: Date, startTimeoutMs: number): Blocked | null {
  const { pipelineRun } = record;
  // `wanted`: it is pending, or ends already.
  if (own === null || pipelineRun === null || pipelineRun.wanted !== '' || hasEnded(pipelineRun.condition)) {
    return null;
  }
  const since = startingSince(record);
  if (since === null || now.getTime() - since.getTime() < startTimeoutMs) return null;
  const status = runStatus(record, { steps: own.steps, ahead: 0, now });
  const blocked = status !== null && 'blocked' in status ? status.blocked : undefined;
  return blocked ?? { reason: 'StartTimeout', detail: `no step began within ${inWords(startTimeoutMs)}` };
}

function inWords(milliseconds: number): string {
  const [count, unit] =
    milliseconds < 60_000 ? [milliseconds / 1000, 'second'] : [milliseconds / 60_000, 'minute'];
  const rounded = Math.round(count);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}
