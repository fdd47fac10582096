import { dateField, numberField, textField } from './status/fields.ts';

/** What a Lease says of who leads; it is only ever compared with itself. */
export interface LeaseRecord {
  /** Empty: it was given back. */
  readonly holder: string;
  readonly durationMs: number;
  readonly acquiredAt: Date | undefined;
  readonly transitions: number;
  /** Changes with each renewal. */
  readonly version: string;
}

/** Takes an object in any state. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/ */
export function readLease(object: unknown): LeaseRecord {
  return {
    holder: textField(object, 'spec', 'holderIdentity') ?? '',
    durationMs: 1000 * (numberField(object, 'spec', 'leaseDurationSeconds') ?? 0),
    acquiredAt: dateField(object, 'spec', 'acquireTime'),
    transitions: numberField(object, 'spec', 'leaseTransitions') ?? 0,
    version: textField(object, 'metadata', 'resourceVersion') ?? '',
  };
}

/** The spec of a Lease. Times are for people: nobody's clock decides by them. */
export function leaseSpec({
  holder,
  durationMs,
  acquiredAt,
  renewedAt,
  transitions,
}: Omit<LeaseRecord, 'version' | 'acquiredAt'> & {
  readonly acquiredAt: Date;
  readonly renewedAt: Date;
}): object {
  return {
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(durationMs / 1000),
    acquireTime: microTime(acquiredAt),
    renewTime: microTime(renewedAt),
    leaseTransitions: transitions,
  };
}

/** `MicroTime` of Kubernetes wants six digits. */
function microTime(date: Date): string {
  return date.toISOString().replace('Z', '000Z');
}
