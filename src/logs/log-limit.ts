/** The most that one step's log may hold unless said otherwise. */
export const LIMIT_BYTES = 100_000_000;

/** What may be kept of the next bytes of a log with so much room left: all, or a beginning and a line that says that the log is cut. */
export function withinLimit(bytes: Uint8Array, room: number, limitBytes: number): Uint8Array {
  if (bytes.length <= room) return bytes;
  const kept = bytes.subarray(0, characterBoundary(bytes, room));
  const newline = kept.at(-1) === 0x0a ? '' : '\n';
  return Buffer.concat([
    kept,
    Buffer.from(`${newline}tekton-ci: the log is cut here: more than ${formatLimit(limitBytes)}\n`),
  ]);
}

/** The last position up to `end` that does not split a UTF-8 character: continuation bytes are `10xxxxxx`, three at most. */
function characterBoundary(bytes: Uint8Array, end: number): number {
  for (let at = end; at > 0 && at > end - 4; at--) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return end;
}

function formatLimit(bytes: number): string {
  return bytes >= 1_000_000 ? `${Math.round(bytes / 100_000) / 10} MB` : `${bytes} bytes`;
}
