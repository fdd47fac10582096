import type { Cause } from '../core/pipeline/run-status.ts';

/** Ends a run by nobody's code: the machine, or what the operator gave it. */
export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError';
  /** As Kubernetes and Tekton spell it where they have a name. */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What to report of an error that no step made: a full disk, a missing secret. */
export function infrastructureCause(error: unknown): Cause {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof InfrastructureError)
    return { kind: 'infrastructure', reason: error.reason, detail, retry: false };
  // System errors carry a name such as ENOSPC.
  const { code } = error as { code?: unknown };
  return {
    kind: 'infrastructure',
    reason: typeof code === 'string' ? code : 'EngineError',
    detail,
    retry: false,
  };
}
