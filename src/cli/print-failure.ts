import type { Engine } from '../app/ports.ts';
import type { RunName, StepRef } from '../core/pipeline/run.ts';
import { failuresOf, placeText } from '../core/report/failure-card.ts';
import type { Finding } from '../core/report/failures/finding.ts';
import { createFailureReader, type StepFailure } from '../core/report/failures/read-failure.ts';
import { maskedLog, secretsOf } from './masked-log.ts';
import type { Channel } from './output.ts';

/** Failures that are printed beside the first; the log above has all of them. */
const MOST_OTHERS = 10;

/** What the log of a step that has failed tells. */
export async function readStepFailure(engine: Engine, name: RunName, step: StepRef): Promise<StepFailure> {
  const reader = createFailureReader();
  const secrets = await secretsOf(engine, name);
  const log = maskedLog(engine, { name, step, secrets }, new AbortController().signal);
  for await (const text of log) reader.push(text);
  return reader.end();
}

/** The first failure in full and the others by name, as the check shows them; nothing where the log alone tells. */
export function printFailure({ findings, problems = [] }: StepFailure, out: Channel): void {
  const [first, ...others] = failuresOf(findings);
  for (const problem of problems) out.write(`${out.paint('yellow', 'report not read:')} ${problem}\n`);
  if (first === undefined) return;
  out.write(`\n${out.paint('red', '✗')} ${out.paint('bold', headline(first))}\n`);
  if (first.message !== '') out.write(`${indented(first.message)}\n`);
  for (const other of others.slice(0, MOST_OTHERS))
    out.write(`${out.paint('red', '✗')} ${headline(other)}\n`);
  if (others.length > MOST_OTHERS) out.write(`  and ${others.length - MOST_OTHERS} more\n`);
}

function headline({ name, place }: Finding): string {
  return place === null ? name : `${name} at ${placeText(place)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
