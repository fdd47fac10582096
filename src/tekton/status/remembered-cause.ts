import { z } from 'zod';
import { cancelledSchema, infrastructureSchema } from '../../core/pipeline/cause-schema.ts';
import type { Cause } from '../../core/pipeline/run-status.ts';

/** A cause that no object of Tekton's tells, or not for long. */
export type RememberedCause = Extract<Cause, { kind: 'cancelled' | 'infrastructure' }>;

/** A cause that was written down. */
export interface Remembered {
  readonly cause: RememberedCause;
  /** When the run was ended for it; null when it had ended by itself. */
  readonly at: Date | null;
}

const causeSchema = z.discriminatedUnion('kind', [cancelledSchema, infrastructureSchema]);

const timeSchema = z.object({ at: z.iso.datetime().transform((text) => new Date(text)) });

/** The value of the annotation that keeps why a run is ended now. */
export function formatEnd(cause: RememberedCause, at: Date): string {
  return JSON.stringify({ ...cause, at });
}

/** Null when there is none, or what is there is not ours. */
export function parseEnd(value: unknown): Remembered | null {
  if (typeof value !== 'string') return null;
  try {
    const object: unknown = JSON.parse(value);
    const cause = causeSchema.safeParse(object).data;
    return cause === undefined ? null : { cause, at: timeSchema.safeParse(object).data?.at ?? null };
  } catch {
    return null;
  }
}
