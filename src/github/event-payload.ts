import { z } from 'zod';
import type { IgnoredEvent, Person, RepositoryRef } from '../core/plan/event.ts';
import type { Delivery } from './webhook-handler.ts';

/** What payloads of different events have in common, reduced to the fields that we use. */

export const id = z.number().int().positive();

/** `.` and `..` would climb in the addresses of requests. */
const segment = z.string().regex(/^(?!\.{1,2}$)[\w.-]+$/);

export const sha = z.string().regex(/^[0-9a-f]{40}$/);

/** Git refuses control characters and spaces in names of refs: https://git-scm.com/docs/git-check-ref-format */
export const branchName = z.string().min(1).max(1000);

export const account = z.object({ id, login: z.string().min(1), type: z.string() });

export const repository = z.object({
  id,
  name: segment,
  owner: z.object({ login: segment }),
  default_branch: z.string().min(1),
  clone_url: z.url({ protocol: /^https?$/ }),
  html_url: z.url({ protocol: /^https?$/ }),
});

/** The part of a payload that says where. */
export const origin = z.object({ installation: z.object({ id }), repository });

export function repositoryOf({ installation, repository }: z.infer<typeof origin>): RepositoryRef {
  return {
    installationId: installation.id,
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
    defaultBranch: repository.default_branch,
    cloneUrl: repository.clone_url,
    htmlUrl: repository.html_url,
  };
}

/** Nobody has the id 0, so nothing that asks who it was is granted. */
export const NOBODY: Person = { id: 0, login: 'ghost', bot: false };

export function personOf(found: z.infer<typeof account> | null | undefined): Person {
  return found == null ? NOBODY : { id: found.id, login: found.login, bot: found.type === 'Bot' };
}

export function ignored({ id: deliveryId }: Delivery, reason: string): IgnoredEvent {
  return { kind: 'ignored', deliveryId, reason };
}

/** What the schema makes of a payload, or the event ignored for not being what GitHub documents. */
export function readPayload<T>(
  schema: z.ZodType<T>,
  delivery: Delivery,
): { readonly payload: T } | { readonly ignored: IgnoredEvent } {
  const parsed = schema.safeParse(delivery.payload);
  if (parsed.success) return { payload: parsed.data };
  const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
  const reason = `the payload is not what GitHub documents: ${[...new Set(fields)].join(', ')}`;
  return { ignored: ignored(delivery, reason) };
}
