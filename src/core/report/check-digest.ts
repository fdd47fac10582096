import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Check } from './check.ts';

/** Stands for everything of a check that GitHub shows: two checks with one digest need no request between them. */
export function checkDigest({ status, conclusion, output }: Check): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([status, conclusion, output])))).slice(0, 16);
}
