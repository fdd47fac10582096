import type { LogChunk } from '../ports.ts';

/** Bytes of a log that is read again by which its beginning is looked for in what is stored. */
const PROBE_BYTES = 64 * 1024;
/** Lines by which two beginnings are compared that are not the same byte for byte. */
const PROBE_LINES = 100;

const NEWLINE = 0x0a;

/** Stands where lines are missing that nobody can read any more. */
export const MISSING = 'tekton-ci: lines are missing here: nobody read them before the log was rotated\n';

/**
 * What is new in a log that is read again, after another process has stored a part of it: nothing that is stored comes again, and nothing is
 * left out. Lines are counted, not compared, since what another process masked may look different. A log that was rotated meanwhile begins
 * later than the stored one: its beginning is looked for there.
 */
export async function* unstoredLog(
  stored: () => AsyncIterable<Uint8Array>,
  chunks: AsyncIterable<LogChunk>,
): AsyncGenerator<LogChunk> {
  const known = await measure(stored());
  if (known.bytes === 0) {
    yield* chunks;
    return;
  }
  const again = chunks[Symbol.asyncIterator]();
  try {
    yield* goOn(stored, known, again);
  } finally {
    await again.return?.();
  }
}

async function* goOn(
  stored: () => AsyncIterable<Uint8Array>,
  known: Measured,
  again: AsyncIterator<LogChunk>,
): AsyncGenerator<LogChunk> {
  const first = await readFirst(again, Math.min(known.bytes, PROBE_BYTES));
  const probe = Buffer.concat(first.map(({ bytes }) => bytes));
  const [{ at } = { at: new Date(0) }] = first;
  if (probe.length === 0) return;
  const begin = beginsAlike(known.head, probe) ? 0 : await findBeginning(stored(), probe, known.head);
  if (begin === null) yield { at, bytes: Buffer.from(known.rest === 0 ? MISSING : `\n${MISSING}`) };
  const skip = createSkip(begin === null ? NOTHING : await measure(from(stored(), begin)));
  for (const chunk of first) yield* some(chunk, skip(chunk.bytes));
  for (let next = await again.next(); next.done !== true; next = await again.next())
    yield* some(next.value, skip(next.value.bytes));
}

interface Measured {
  readonly bytes: number;
  /** Lines with an end. */
  readonly lines: number;
  /** Bytes after the last of them. */
  readonly rest: number;
  /** As many of the first bytes as a beginning is looked for by. */
  readonly head: Buffer;
}

const NOTHING: Measured = { bytes: 0, lines: 0, rest: 0, head: Buffer.alloc(0) };

async function measure(log: AsyncIterable<Uint8Array>): Promise<Measured> {
  let { bytes, lines, rest, head } = NOTHING;
  for await (const part of log) {
    if (head.length < PROBE_BYTES) head = Buffer.concat([head, part]).subarray(0, PROBE_BYTES);
    bytes += part.length;
    const last = part.lastIndexOf(NEWLINE);
    rest = last === -1 ? rest + part.length : part.length - last - 1;
    for (let end = part.indexOf(NEWLINE); end !== -1; end = part.indexOf(NEWLINE, end + 1)) lines += 1;
  }
  return { bytes, lines, rest, head };
}

/** Its first chunks, until they have so many bytes; all when it ends before. */
async function readFirst(chunks: AsyncIterator<LogChunk>, bytes: number): Promise<readonly LogChunk[]> {
  const first: LogChunk[] = [];
  for (let missing = bytes; missing > 0; ) {
    const { value, done } = await chunks.next();
    if (done === true) return first;
    first.push(value);
    missing -= value.bytes.length;
  }
  return first;
}

function beginsAlike(one: Buffer, other: Buffer): boolean {
  const length = Math.min(one.length, other.length);
  return one.subarray(0, length).equals(other.subarray(0, length));
}

/** Where in what is stored a log begins; null when it is not there. */
async function findBeginning(
  stored: AsyncIterable<Uint8Array>,
  probe: Buffer,
  head: Buffer,
): Promise<number | null> {
  const all = await readAll(stored);
  const firstLine = probe.subarray(0, probe.indexOf(NEWLINE) + 1 || probe.length);
  const wanted = Buffer.concat([Buffer.from([NEWLINE]), firstLine]);
  for (let at = all.indexOf(wanted); at !== -1; at = all.indexOf(wanted, at + 1))
    if (beginsAlike(all.subarray(at + 1), probe)) return at + 1;
  return linesAlike(head, probe) ? 0 : null;
}

/** Whether most lines of two beginnings are the same: they were masked differently then. */
function linesAlike(one: Buffer, other: Buffer): boolean {
  const [lines, others] = [linesOf(one), linesOf(other)];
  const count = Math.min(lines.length, others.length);
  const same = lines.filter((line, index) => index < count && line === others[index]).length;
  return 2 * same > count;
}

function linesOf(bytes: Buffer): readonly string[] {
  return bytes.toString('latin1').split('\n', PROBE_LINES);
}

async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function* from(log: AsyncIterable<Uint8Array>, begin: number): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for await (const part of log) {
    if (offset + part.length > begin) yield part.subarray(Math.max(0, begin - offset));
    offset += part.length;
  }
}

/** Gives what comes after so many lines, and so many bytes of the line after them. */
function createSkip({ lines, rest }: Measured): (bytes: Uint8Array) => Uint8Array {
  let [linesLeft, bytesLeft] = [lines, rest];
  return (bytes) => {
    let start = 0;
    while (linesLeft > 0) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end === -1) return bytes.subarray(bytes.length);
      linesLeft -= 1;
      start = end + 1;
    }
    const dropped = Math.min(bytesLeft, bytes.length - start);
    bytesLeft -= dropped;
    return bytes.subarray(start + dropped);
  };
}

function* some({ at }: LogChunk, bytes: Uint8Array): Generator<LogChunk> {
  if (bytes.length > 0) yield { at, bytes };
}
