import { type MarkedLog, markBytes, UNMARKED } from '../core/log-marks.ts';
import { joinPieces, type LogPart, readPieceName } from './log-piece.ts';
import type { Objects } from './s3-objects.ts';

/** Pieces that are asked for before they are needed. */
const AHEAD = 4;

/** The pieces in a folder, which ends with a slash, as they make up the log. */
export async function listPieces(objects: Pick<Objects, 'list'>, folder: string) {
  const keys = await objects.list(folder);
  return joinPieces(keys.flatMap((key) => readPieceName(key) ?? []));
}

/** The log's bytes from `begin` to `end`, which may be behind its last; they end early when a piece is removed meanwhile. */
export async function* readParts(
  objects: Pick<Objects, 'get'>,
  parts: readonly LogPart[],
  { begin, end }: { readonly begin: number; readonly end: number },
): AsyncGenerator<Uint8Array> {
  const wanted = parts.filter(
    ({ piece, skipped }) => piece.offset + piece.size > begin && piece.offset + skipped < end,
  );
  const asked: Promise<Uint8Array | null>[] = [];
  for (const [index, { piece, skipped }] of wanted.entries()) {
    for (const next of wanted.slice(index + asked.length, index + AHEAD)) {
      const answer = objects.get(next.piece.key);
      // Whoever reads it is told; one that is not read any more fails for nobody.
      answer.catch(() => {});
      asked.push(answer);
    }
    const bytes = await asked.shift();
    if (bytes === null || bytes === undefined) return;
    const from = Math.max(piece.offset + skipped, begin) - piece.offset;
    yield bytes.subarray(from, Math.min(piece.size, end - piece.offset));
  }
}

/** How far a log has come that another process may have begun; removes what an interrupted removal has left behind its end. */
export async function markedLog(objects: Objects, folder: string): Promise<MarkedLog> {
  const { parts, bytes, marks, left } = await listPieces(objects, folder);
  await objects.delete(left.map(({ key }) => key));
  const last = marks.at(-1) ?? null;
  const begin = last?.offset ?? 0;
  let log: MarkedLog = { ...UNMARKED, lines: (last?.line ?? 1) - 1, bytes: begin };
  for await (const read of readParts(objects, parts, { begin, end: bytes }))
    log = markBytes(log, read, new Date(0)).log;
  // A piece that is gone since it was listed: what is counted is not the log.
  if (log.bytes !== bytes) throw new Error(`${folder} changed while it was read`);
  return { ...log, last };
}
