import { mask } from './mask.ts';

/** Longest line that is held back until its end; of a longer one, what has come is masked and let go. */
const HELD_BACK = 64 * 1024;

const NEWLINE = 10;

export interface LineMasker {
  /** Takes the next bytes and gives back those that are safe to keep: whole lines, masked. */
  push(bytes: Uint8Array): Uint8Array;
  /** What was still held back. */
  end(): Uint8Array;
}

/**
 * Masks a log as it is produced. A secret may be cut in two by chunks, so only whole lines leave. Bytes are read as
 * Latin-1, which keeps every byte as it is: secrets are compared in their UTF-8 form.
 */
export function createLineMasker(secrets: () => Iterable<string>): LineMasker {
  let held = new Uint8Array(0);
  const masked = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length === 0) return bytes;
    return toBytes(
      mask(
        toText(bytes),
        [...secrets()].map((secret) => toText(new TextEncoder().encode(secret))),
      ),
    );
  };
  return {
    push(bytes) {
      const all = concat(held, bytes);
      const lines = all.lastIndexOf(NEWLINE) + 1;
      const ready = lines > 0 || all.length <= HELD_BACK ? lines : all.length;
      held = all.slice(ready);
      return masked(all.subarray(0, ready));
    },
    end() {
      const rest = masked(held);
      held = new Uint8Array(0);
      return rest;
    },
  };
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function toText(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return text;
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
