/** Bytes cut into chunks of these lengths, over and over; of one byte each without any. */
export function chunksOf(bytes: Uint8Array, lengths: readonly number[]): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let start = 0, index = 0; start < bytes.length; index += 1) {
    const length = Math.max(1, lengths[index % Math.max(1, lengths.length)] ?? 1);
    chunks.push(bytes.subarray(start, start + length));
    start += length;
  }
  return chunks;
}

export async function* inChunks(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk;
}
