import type { Blocked } from '../../core/pipeline/run-status.ts';
import { shortMessage } from './condition.ts';
import { textField } from './fields.ts';

/** Containers of every pod wait with these for a moment. */
const ORDINARY = new Set(['PodInitializing', 'ContainerCreating', '']);

/** What the first container of a list that cannot start says: its image, a Secret it needs. */
export function blockedContainer(waiting: readonly unknown[]): Blocked | undefined {
  return waiting
    .filter((state) => state !== undefined)
    .map((state) => ({
      reason: textField(state, 'reason') ?? '',
      detail: shortMessage(textField(state, 'message')),
    }))
    .find(({ reason }) => !ORDINARY.has(reason));
}
