import type { LinePiece } from './read-lines.ts';

/** Where a reader of a log is, so that it can go on there after its connection was lost. */
export interface LogPosition {
  /** To be called before every read: gives the `sinceTime` to ask for; undefined for the beginning. */
  resume(): string | undefined;
  /** What is new of a piece of a line, without its timestamp; may be empty. */
  take(piece: LinePiece): Uint8Array;
  /** When the newest line was written; null before the first. */
  at(): Date | null;
}

/** Nanoseconds since 1970. */
type Stamp = bigint;

const SECOND = 1_000_000_000n;
/** Seconds that are read again. The two streams of a container are stamped apart, so that lines may be a little out of order. */
const OVERLAP = 1n;

/**
 * Kubernetes takes a `sinceTime` of whole seconds and gives every line of the file that is not older. So the lines of the newest
 * seconds are counted, and as many are dropped when they come again. A line that is newer than all of them proves that the file was rotated, and
 * is not dropped. https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-rotation
 */
export function createLogPosition(): LogPosition {
  let newest: Stamp | null = null;
  /** Complete lines given, by the second that they were written in; of the newest seconds only. */
  const given = new Map<bigint, number>();
  /** Of those, how many will still come again. */
  let doubled = 0;
  /** What was given of a line that was cut off, until it comes again. */
  let open: { readonly stamp: Stamp | null; readonly bytes: number } | null = null;
  let line: CurrentLine | null = null;

  function knownBytes(stamp: Stamp | null): number {
    if (stamp === null || newest === null || stamp > newest) {
      doubled = stamp === null ? doubled : 0;
      return 0;
    }
    if (doubled > 0) {
      doubled -= 1;
      return Number.POSITIVE_INFINITY;
    }
    return open?.stamp === stamp ? open.bytes : 0;
  }

  function begin(stamp: Stamp | null): CurrentLine {
    const known = knownBytes(stamp);
    if (known !== Number.POSITIVE_INFINITY) open = null;
    if (stamp !== null && (newest === null || stamp > newest)) newest = stamp;
    return { stamp, known, length: 0 };
  }

  function end({ stamp, known }: CurrentLine): void {
    if (stamp === null || known === Number.POSITIVE_INFINITY) return;
    const second = stamp / SECOND;
    given.set(second, (given.get(second) ?? 0) + 1);
    forgetOld();
  }

  function forgetOld(): void {
    for (const second of given.keys()) if (second < firstSecond()) given.delete(second);
  }

  function firstSecond(): bigint {
    return newest === null ? 0n : newest / SECOND - OVERLAP;
  }

  return {
    resume() {
      if (line !== null && line.known !== Number.POSITIVE_INFINITY) {
        open = { stamp: line.stamp, bytes: line.length + line.known };
      }
      line = null;
      forgetOld();
      doubled = [...given.values()].reduce((sum, count) => sum + count, 0);
      return newest === null ? undefined : new Date(Number(firstSecond()) * 1000).toISOString();
    },
    take({ bytes, ends }) {
      if (line === null && !ends && PART_OF_STAMP.test(headOf(bytes))) return NOTHING;
      const { stamp, body } = line === null ? readStamp(bytes) : { stamp: line.stamp, body: bytes };
      line ??= begin(stamp);
      const dropped = Math.min(line.known, body.length);
      line.known -= dropped;
      line.length += body.length;
      if (ends) {
        end(line);
        line = null;
      }
      return body.subarray(dropped);
    },
    at: () => (newest === null ? null : new Date(Number(newest / 1_000_000n))),
  };
}

interface CurrentLine {
  readonly stamp: Stamp | null;
  /** Bytes from here on that were given before; infinite for a whole line. */
  known: number;
  /** Bytes of it so far. */
  length: number;
}

/** `2026-11-23T04:43:48.123456789Z text`; lines that the kubelet itself puts in between have no timestamp. */
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?/;
/** Characters of the longest timestamp, with the space after it. */
const STAMP_LENGTH = 36;
/** What a connection leaves of a timestamp when it ends in it: the line will come again. */
const PART_OF_STAMP = /^\d[\dT:.+-]*$/;
const NOTHING = new Uint8Array();

function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, STAMP_LENGTH)).toString('latin1');
}

function readStamp(bytes: Uint8Array): { stamp: Stamp | null; body: Uint8Array } {
  const [whole, time, fraction = '', zone] = STAMP.exec(headOf(bytes)) ?? [];
  const seconds = whole === undefined ? Number.NaN : Date.parse(`${time}${zone}`) / 1000;
  if (whole === undefined || Number.isNaN(seconds)) return { stamp: null, body: bytes };
  const stamp = BigInt(seconds) * SECOND + BigInt(fraction.padEnd(9, '0'));
  return { stamp, body: bytes.subarray(whole.length) };
}
