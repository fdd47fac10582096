import type { Blocked } from '../../core/pipeline/run-status.ts';
import { blockedContainer } from './blocked-container.ts';
import { readCondition, shortMessage } from './condition.ts';
import { dateField, field, listField, numberField, textField } from './fields.ts';
import { type AwaitedVolumes, awaitedVolumes } from './pod-volumes.ts';

/** What a status needs of a pod, which is kept when the pod is gone. */
export interface PodRecord {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: Date;
  /** Tekton has let its first step begin: every service was ready. */
  readonly released: boolean;
  readonly blocked?: Blocked;
  /** Also of a pod that was deleted while it waited for them. */
  readonly volumes?: AwaitedVolumes;
  /** Seen for a second or less before the pod is gone: once known it is never forgotten. */
  readonly disruption?: Disruption;
}

/** A pod that was ended from outside: an eviction, a lost node, a deletion. */
export interface Disruption extends Blocked {
  readonly at: Date;
}

/**
 * Takes an object in any state, and what is known of the pod of that name. A pod made again under the same name is
 * another one, and nothing of the former counts.
 */
export function reducePod(object: unknown, known?: PodRecord): PodRecord {
  const uid = textField(object, 'metadata', 'uid') ?? '';
  const same = known?.uid === uid ? known : undefined;
  const disruption = same?.disruption ?? disruptionOf(object);
  const released =
    same?.released === true || textField(object, 'metadata', 'annotations', 'tekton.dev/ready') === 'READY';
  const blocked = blockedOf(object, released) ?? null;
  const isDeleted = field(object, 'metadata', 'deletionTimestamp') !== undefined;
  const volumes = awaitedVolumes(object) ?? (isDeleted ? same?.volumes : undefined);
  return {
    name: textField(object, 'metadata', 'name') ?? '',
    uid,
    // The server always sets it.
    createdAt: dateField(object, 'metadata', 'creationTimestamp') ?? new Date(0),
    released,
    ...(blocked === null ? {} : { blocked }),
    ...(volumes === undefined ? {} : { volumes }),
    ...(disruption === null ? {} : { disruption }),
  };
}

/** https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions */
function disruptionOf(object: unknown): Disruption | null {
  const target = readCondition(object, 'DisruptionTarget');
  if (target?.status === 'True' && target.since !== undefined) {
    return { reason: target.reason, detail: target.message, at: target.since };
  }
  return endByKubelet(object) ?? deletion(object);
}

/** A pod that its node refused or ended says so of itself: `Evicted`, `NodeShutdown`, `OutOfmemory`. */
function endByKubelet(object: unknown): Disruption | null {
  const reason = textField(object, 'status', 'reason');
  const at = dateField(object, 'metadata', 'creationTimestamp');
  if (textField(object, 'status', 'phase') !== 'Failed' || !reason || at === undefined) return null;
  return { reason, detail: shortMessage(textField(object, 'status', 'message')), at };
}

/** The timestamp is when the grace period ends, not when somebody asked for the deletion. */
function deletion(object: unknown): Disruption | null {
  const end = dateField(object, 'metadata', 'deletionTimestamp');
  if (end === undefined) return null;
  const grace = numberField(object, 'metadata', 'deletionGracePeriodSeconds') ?? 0;
  return {
    reason: 'PodDeleted',
    detail: `the pod ${textField(object, 'metadata', 'name') ?? ''} was deleted while its steps ran`,
    at: new Date(end.getTime() - grace * 1000),
  };
}

function blockedOf(object: unknown, released: boolean): Blocked | undefined {
  const scheduled = readCondition(object, 'PodScheduled');
  if (scheduled?.status === 'False') return { reason: scheduled.reason, detail: scheduled.message };
  const containers = listField(object, 'status', 'containerStatuses');
  const all = [...listField(object, 'status', 'initContainerStatuses'), ...containers];
  const waiting = blockedContainer(all.map((container) => field(container, 'state', 'waiting')));
  return waiting ?? (released ? undefined : blockedByService(containers));
}

/** Steps wait for every service; one that has ended will never be ready. */
function blockedByService(containers: readonly unknown[]): Blocked | undefined {
  const begun = containers.filter((container) => field(container, 'state', 'waiting') === undefined);
  if (begun.length < containers.length) return undefined;
  const service = containers.find(
    (container) => textField(container, 'name')?.startsWith('sidecar-') && field(container, 'ready') !== true,
  );
  if (service === undefined) return undefined;
  const name = textField(service, 'name')?.slice('sidecar-'.length) ?? '';
  const code = numberField(service, 'state', 'terminated', 'exitCode');
  const detail =
    code === undefined
      ? `the service ${name} is not ready yet`
      : `the service ${name} exited with code ${code} before it was ready`;
  return { reason: 'ServiceNotReady', detail };
}
