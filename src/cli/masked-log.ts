import type { Engine } from '../app/ports.ts';
import type { RunName, StepRef } from '../core/pipeline/run.ts';
import { createLineMasker } from '../core/report/line-masker.ts';
import { formsToMask } from '../core/report/secret-forms.ts';

/** What must not be printed of a run: the secrets that were given, in every form in which programs write them. */
export async function secretsOf(engine: Engine, name: RunName): Promise<readonly string[]> {
  return formsToMask(await engine.secretValues(name));
}

/** A step's log as text, without those secrets. Lines come whole where there are any: the rest may be half of one. */
export async function* maskedLog(
  engine: Engine,
  {
    name,
    step,
    secrets,
  }: { readonly name: RunName; readonly step: StepRef; readonly secrets: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const masker = createLineMasker(() => secrets);
  const masked = (bytes: Uint8Array) => (secrets.length === 0 ? bytes : masker.push(bytes));
  const decoder = new TextDecoder();
  for await (const { bytes } of engine.logs(name, step, signal))
    yield decoder.decode(masked(bytes), { stream: true });
  yield decoder.decode(masker.end());
}
