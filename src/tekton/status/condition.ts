import { dateField, listField, textField } from './fields.ts';

export interface Condition {
  /** `True`, `False`, or `Unknown` while it is not decided. */
  readonly status: string;
  /** An open set: new releases bring new ones. */
  readonly reason: string;
  readonly message: string;
  readonly since?: Date;
}

/** Longer messages of servers are cut: a record is kept in memory for each live run. */
const MESSAGE_LENGTH = 2000;

/** A condition of an object; null while it has none of that type. */
export function readCondition(object: unknown, type: string): Condition | null {
  const found = listField(object, 'status', 'conditions').find((each) => textField(each, 'type') === type);
  if (found === undefined) return null;
  const since = dateField(found, 'lastTransitionTime');
  return {
    status: textField(found, 'status') ?? 'Unknown',
    reason: textField(found, 'reason') ?? '',
    message: shortMessage(textField(found, 'message')),
    ...(since === undefined ? {} : { since }),
  };
}

export function shortMessage(message: string | undefined): string {
  return (message ?? '').slice(0, MESSAGE_LENGTH);
}

/** Whether what the condition tells of has ended, one way or the other. */
export function hasEnded(condition: Condition | null): condition is Condition {
  return condition?.status === 'True' || condition?.status === 'False';
}
