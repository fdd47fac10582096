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
