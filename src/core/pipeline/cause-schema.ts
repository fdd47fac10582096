import { z } from 'zod';

/** Causes as engines write them down: those of `Cause` that name no step. */

export const cancelledSchema = z.object({ kind: z.literal('cancelled'), by: z.string(), why: z.string() });

export const infrastructureSchema = z.object({
  kind: z.literal('infrastructure'),
  reason: z.string(),
  detail: z.string(),
  retry: z.boolean(),
});
