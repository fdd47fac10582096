import { hasEnded, readCondition } from './status/condition.ts';
import { reduceCustomRun } from './status/custom-run-record.ts';
import { dateField, textField } from './status/fields.ts';

/** What has to be known of a turn to answer or end it. */
export interface TurnFacts {
  /** Name of its CustomRun. */
  readonly name: string;
  readonly target: string;
  /** A change of an older version is refused. */
  readonly version: string;
  readonly ended: boolean;
  /** Tekton wants it ended, and says why; null when it does not. */
  readonly unwanted: string | null;
  /** When it has waited long enough; null: it may wait for ever. */
  readonly expiresAt: Date | null;
}

/** Null for a CustomRun that is no turn. https://tekton.dev/docs/pipelines/customruns/#cancellation */
export function readTurn(object: unknown): TurnFacts | null {
  const turn = reduceCustomRun(object);
  if (turn === null) return null;
  const asked = textField(object, 'spec', 'status') === 'RunCancelled';
  return {
    name: turn.name,
    target: turn.target,
    version: textField(object, 'metadata', 'resourceVersion') ?? '',
    ended: hasEnded(readCondition(object, 'Succeeded')),
    unwanted: asked ? (textField(object, 'spec', 'statusMessage') ?? 'The turn was cancelled.') : null,
    expiresAt: expiry(object),
  };
}

/** Tekton leaves the timeout of a custom task to whoever answers it. */
function expiry(object: unknown): Date | null {
  const created = dateField(object, 'metadata', 'creationTimestamp');
  const [, hours, minutes, seconds] =
    /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(textField(object, 'spec', 'timeout') ?? '') ?? [];
  const total = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return created === undefined || total === 0 ? null : new Date(created.getTime() + total * 1000);
}
