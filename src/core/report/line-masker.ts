import { mask, type Span, secretSpans } from './mask.ts';

/** Longest line that is held back until its end; of a longer one, what has come is masked and let go. */
const HELD_BACK = 64 * 1024;
/** Of such a line this much stays, or the longest secret: it may be the beginning of one. No token of GitHub's is longer. */
const TAIL = 4 * 1024;

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
  // Of few secrets there are many forms, and of a log many chunks.
  const inBytes = new Map<string, string>();
  const known = () =>
    [...secrets()].map((secret) => {
      const text = inBytes.get(secret) ?? toText(new TextEncoder().encode(secret));
      inBytes.set(secret, text);
      return text;
    });
  return {
    push(bytes) {
      const all = concat(held, bytes);
      const lines = all.lastIndexOf(NEWLINE) + 1;
      const rest = all.subarray(lines);
      const ready = lines + (rest.length <= HELD_BACK ? 0 : safeLength(toText(rest), known()));
      held = all.slice(ready);
      return masked(all.subarray(0, ready), known);
    },
    end() {
      const rest = masked(held, known);
      held = new Uint8Array(0);
      return rest;
    },
  };
}

function masked(bytes: Uint8Array, secrets: () => readonly string[]): Uint8Array {
  if (bytes.length === 0) return bytes;
  const text = toText(bytes);
  const safe = mask(text, secrets());
  return safe === text ? bytes : toBytes(safe);
}

/** How much of a line without an end may leave without cutting a secret in two, one whose end is still to come included. */
function safeLength(line: string, secrets: readonly string[]): number {
  const longest = Math.max(TAIL, ...secrets.map(({ length }) => length));
  const cut = Math.max(0, line.length - longest);
  const cutSpan = secretSpans(line, secrets).find(([start, end]: Span) => start < cut && cut < end);
  if (cutSpan === undefined) return cut;
  // A credential as long as the whole line is let go masked: it cannot be held for ever.
  return cutSpan[0] === 0 ? cutSpan[1] : cutSpan[0];
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
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}
