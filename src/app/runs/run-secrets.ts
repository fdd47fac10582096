import type { RunName } from '../../core/pipeline/run.ts';
import { formsToMask } from '../../core/report/secret-forms.ts';
import { retryDelay } from '../back-off.ts';
import type { Clock, Engine, Log } from '../ports.ts';
import type { SecretRegister } from './secret-register.ts';

export interface RunSecretsPorts {
  readonly engine: Pick<Engine, 'secretValues'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Where what is known of them is kept. */
  readonly secrets: Pick<SecretRegister, 'give' | 'forget'>;
}

/** What must be masked in a run's logs because its steps were given it. */
export interface RunSecrets {
  /** In every form in which programs write them. Asked for once a run, until it is known; rejects by the signal only. */
  of(name: RunName): Promise<readonly string[]>;
  forget(name: RunName): void;
}

const BACK_OFF = { firstMs: 1_000, longestMs: 60_000 };

export function createRunSecrets(ports: RunSecretsPorts, signal: AbortSignal): RunSecrets {
  const asked = new Map<RunName, Promise<readonly string[]>>();
  const keep = (name: RunName, forms: readonly string[]) => {
    if (asked.has(name)) ports.secrets.give(name, forms);
    return forms;
  };
  return {
    of(name) {
      const forms = asked.get(name) ?? ask(ports, name, signal).then((found) => keep(name, found));
      asked.set(name, forms);
      return forms;
    },
    forget(name) {
      asked.delete(name);
      ports.secrets.forget(name);
    },
  };
}

/** A log that waits is better than one that shows a secret. */
async function ask(
  { engine, clock, log }: RunSecretsPorts,
  name: RunName,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (let failures = 1; ; failures += 1) {
    try {
      return formsToMask(await engine.secretValues(name));
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, run: name }, 'secrets of a run not read, its logs wait');
      await clock.sleep(retryDelay(error, failures, BACK_OFF), signal);
    }
  }
}
