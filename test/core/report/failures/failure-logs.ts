import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import type { FailureParser } from '../../../../src/core/report/failures/failure-parser.ts';
import type { Finding } from '../../../../src/core/report/failures/finding.ts';
import { PARSERS } from '../../../../src/core/report/failures/parsers.ts';
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

/** Fails unless a parser takes lines of these cases and any others in any order, and gives findings at lines that there are. */
export function expectTakesAnyLines(parser: FailureParser, cases: readonly string[]): void {
  const known = cases.flatMap((one) => logOf(one).split('\n')).filter((line) => line.length < 500);
  const line = fc.oneof(fc.constantFrom(...known), fc.string({ unit: 'binary', maxLength: 80 }));
  void fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const reading = parser.start('');
      for (const [index, text] of lines.entries()) reading.line(text.replaceAll('\n', ' '), index + 1);
      const found = reading.end();

      expect(found.every((one) => one.line >= 1 && one.line <= Math.max(1, lines.length))).toBe(true);
      expect(found.every((one) => one.place === null || one.place.line >= 0)).toBe(true);
    }),
    { numRuns: 150 },
  );
}

/** Fails when 4 MB of lines take so long that they are read in more than linear time. */
export function expectLinear(parser: FailureParser, command: string, nearly: readonly string[]): void {
  const begun = performance.now();
  const reading = parser.start(command);
  for (let number = 1; number <= 1000; number += 1)
    reading.line(nearly[number % nearly.length] ?? '', number);
  reading.end();

  expect(performance.now() - begun).toBeLessThan(4000);
}

export function parserOf(name: string): FailureParser {
  const parser = PARSERS.find((one) => one.name === name);
  if (parser === undefined) throw new Error(`there is no parser of ${name}`);
  return parser;
}
