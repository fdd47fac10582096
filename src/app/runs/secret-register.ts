import type { RunName } from '../../core/pipeline/run.ts';
import { secretForms } from '../../core/report/secret-forms.ts';
import type { Clock } from '../ports.ts';

/** Values that must never be read in a log, a page or a check, as long as they are worth something. */
export interface SecretRegister {
  add(value: string, expiresAt: Date): void;
  /** In every form in which programs write them. */
  values(): Iterable<string>;
  /** Takes in what the steps of a run are given, in every form. */
  give(name: RunName, forms: readonly string[]): void;
  /** The values, and what that run was given. */
  of(name: RunName): readonly string[];
  /** The values, and what any run was given: for what is told of no run, or nobody knows of which. */
  all(): readonly string[];
  /** Forgets what a run was given. */
  forget(name: RunName): void;
}

/** Logs are copied a little after their steps end, so a value is kept for an hour longer than it is valid. */
const KEPT_LONGER_MS = 3_600_000;

export function createSecretRegister(clock: Pick<Clock, 'now'>): SecretRegister {
  const secrets = new Map<string, { readonly until: number; readonly forms: readonly string[] }>();
  const given = new Map<RunName, readonly string[]>();
  const values = () => [...secrets.values()].flatMap(({ forms }) => forms);
  return {
    values,
    give: (name, forms) => void given.set(name, forms),
    of: (name) => [...values(), ...(given.get(name) ?? [])],
    all: () => [...values(), ...[...given.values()].flat()],
    forget: (name) => void given.delete(name),
    add(value, expiresAt) {
      const now = clock.now().getTime();
      for (const [known, { until }] of secrets) if (until < now) secrets.delete(known);
      secrets.set(value, { until: expiresAt.getTime() + KEPT_LONGER_MS, forms: secretForms(value) });
    },
  };
}
