import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../../../src/core/report/failures/finding.ts';
import { createFailureReader, type StepFailure } from '../../../../src/core/report/failures/read-failure.ts';

export const CASES = new URL('../../../cases/failures/', import.meta.url).pathname;

/** The cases of these tools, as `gcc/linker`. */
export function casesOf(tools: readonly string[]): readonly string[] {
  return tools.flatMap((tool) => readdirSync(join(CASES, tool)).map((name) => `${tool}/${name}`));
}

/** As the log store has it: bytes that may be no UTF-8. */
export function logOf(name: string): string {
  return new TextDecoder().decode(readFileSync(join(CASES, name, 'log.txt')));
}

/** What is found in a log that comes in these pieces. */
export function find(...pieces: readonly string[]): readonly Finding[] {
  return read(...pieces).findings;
}

/** The same, with the last lines. */
export function read(...pieces: readonly string[]): StepFailure {
  const reader = createFailureReader();
  for (const piece of pieces) reader.push(piece);
  return reader.end();
}
