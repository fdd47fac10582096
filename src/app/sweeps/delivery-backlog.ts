import type { DeliveryAttempt } from '../github-ports.ts';

/** GitHub keeps deliveries for three days: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/viewing-webhook-deliveries */
export const KEPT_MS = 3 * 24 * 3_600_000;

/** Redeliveries of one event: with a first pause of a minute they take two days. */
const MOST_TRIES = 20;
const LONGEST_PAUSE_MS = 4 * 3_600_000;

/** An event that no attempt delivered. */
export interface Undelivered {
  readonly guid: string;
  readonly event: string;
  readonly installationId: number | null;
  /** Of the newest attempt. */
  readonly id: string;
  readonly firstAt: Date;
  /** Redeliveries so far. */
  readonly tries: number;
}

/** The events that GitHub could not deliver, by what its list says. */
export interface DeliveryBacklog {
  /** Takes in a part of the list, newest first, that reaches from now back to some time. */
  take(attempts: readonly DeliveryAttempt[]): void;
  /** Those whose time has come, oldest first. */
  due(now: Date): Undelivered[];
  /** A redelivery was asked for. */
  asked(guid: string, now: Date): void;
  /** Takes out, and never takes in again, those that had all their tries or that GitHub has forgotten. */
  giveUp(now: Date): Undelivered[];
  /** When the oldest of them was first attempted; null when there is none. */
  oldest(): Date | null;
}

interface Entry {
  readonly guid: string;
  readonly event: string;
  readonly installationId: number | null;
  /** Of all attempts that were seen, by their ids. */
  readonly attempts: Map<string, Date>;
  newest: { id: string; at: number };
  first: number;
  asked: number;
  askedAt: number;
}

export interface BacklogOptions {
  /** Whether an event is worth a redelivery. */
  readonly actsOn: (attempt: DeliveryAttempt) => boolean;
  /** Between the first redelivery and the second; then doubled each time, up to four hours. */
  readonly firstPauseMs: number;
}

export function createDeliveryBacklog({ actsOn, firstPauseMs }: BacklogOptions): DeliveryBacklog {
  const entries = new Map<string, Entry>();
  const givenUp = new Map<string, number>();

  return {
    take(attempts) {
      const delivered = new Set(attempts.flatMap(({ guid, succeeded }) => (succeeded ? guid : [])));
      for (const guid of delivered) entries.delete(guid);
      for (const attempt of attempts) {
        const { guid } = attempt;
        if (delivered.has(guid) || givenUp.has(guid) || !actsOn(attempt)) continue;
        entries.set(guid, withAttempt(entries.get(guid), attempt));
      }
    },
    due(now) {
      const come = [...entries.values()].filter((entry) => nextTry(entry, firstPauseMs) <= now.getTime());
      return come.sort((one, other) => one.first - other.first).map(described);
    },
    asked(guid, now) {
      const entry = entries.get(guid);
      if (entry === undefined) return;
      entry.asked += 1;
      entry.askedAt = now.getTime();
    },
    giveUp(now) {
      const at = now.getTime();
      for (const [guid, since] of givenUp) if (at - since > KEPT_MS) givenUp.delete(guid);
      const hopeless = [...entries.values()].filter(
        (entry) =>
          at - entry.first > KEPT_MS || (tries(entry) >= MOST_TRIES && nextTry(entry, firstPauseMs) <= at),
      );
      for (const { guid } of hopeless) {
        entries.delete(guid);
        givenUp.set(guid, at);
      }
      return hopeless.map(described);
    },
    oldest() {
      const firsts = [...entries.values()].map(({ first }) => first);
      return firsts.length === 0 ? null : new Date(Math.min(...firsts));
    },
  };
}

function withAttempt(known: Entry | undefined, attempt: DeliveryAttempt): Entry {
  const { id, guid, event, installationId, deliveredAt } = attempt;
  const at = deliveredAt.getTime();
  const entry = known ?? {
    guid,
    event,
    installationId,
    attempts: new Map<string, Date>(),
    newest: { id, at },
    first: at,
    asked: 0,
    askedAt: 0,
  };
  entry.attempts.set(id, deliveredAt);
  if (at > entry.newest.at) entry.newest = { id, at };
  entry.first = Math.min(entry.first, at);
  return entry;
}

/** What the list shows survives a restart; what was asked for may not be in the list yet. */
function tries({ attempts, asked }: Entry): number {
  return Math.max(attempts.size - 1, asked);
}

/** The first redelivery is due at once: whatever kept the event out, it is the next start that lists it. */
function nextTry(entry: Entry, firstPauseMs: number): number {
  const done = tries(entry);
  if (done === 0) return entry.newest.at;
  const pause = Math.min(firstPauseMs * 2 ** (done - 1), LONGEST_PAUSE_MS);
  return Math.max(entry.newest.at, entry.askedAt) + pause;
}

function described(entry: Entry): Undelivered {
  const { guid, event, installationId, newest, first } = entry;
  return { guid, event, installationId, id: newest.id, firstAt: new Date(first), tries: tries(entry) };
}
