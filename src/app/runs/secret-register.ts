import { secretForms } from '../../core/report/secret-forms.ts';
import type { Clock } from '../ports.ts';

/** Values that must never be read in a log, a page or a check, as long as they are worth something. */
export interface SecretRegister {
  add(value: string, expiresAt: Date): void;
  /** In every form in which programs write them. */
  values(): Iterable<string>;
}

/** Logs are copied a little after their steps end, so a value is kept for an hour longer than it is valid. */
const KEPT_LONGER_MS = 3_600_000;

export function createSecretRegister(clock: Pick<Clock, 'now'>): SecretRegister {
  const secrets = new Map<string, { readonly until: number; readonly forms: readonly string[] }>();
  return {
    add(value, expiresAt) {
      const now = clock.now().getTime();
      for (const [known, { until }] of secrets) if (until < now) secrets.delete(known);
      secrets.set(value, { until: expiresAt.getTime() + KEPT_LONGER_MS, forms: secretForms(value) });
    },
    values: () => [...secrets.values()].flatMap(({ forms }) => forms),
  };
}
