import { hasEnded, readCondition } from './condition.ts';
import { dateField, listField, textField } from './fields.ts';

/** What a status needs of a CustomRun: it is the turn of a deploy. */
export interface CustomRunRecord {
  readonly name: string;
  readonly target: string;
  readonly since: Date;
  /** Nobody has answered it, nor was it cancelled. */
  readonly waits: boolean;
  /** It was not answered in time. */
  readonly timedOut: boolean;
}

/** Takes an object in any state. Null for a CustomRun of another kind. https://tekton.dev/docs/pipelines/customruns/ */
export function reduceCustomRun(object: unknown): CustomRunRecord | null {
  if (textField(object, 'spec', 'customRef', 'kind') !== 'Turn') return null;
  const param = listField(object, 'spec', 'params').find((each) => textField(each, 'name') === 'target');
  const target = textField(param, 'value');
  if (target === undefined) return null;
  const condition = readCondition(object, 'Succeeded');
  return {
    name: textField(object, 'metadata', 'name') ?? '',
    target,
    // The server always sets it.
    since: dateField(object, 'metadata', 'creationTimestamp') ?? new Date(0),
    waits: !hasEnded(condition) && textField(object, 'spec', 'status') === undefined,
    timedOut: condition?.reason === 'CustomRunTimedOut',
  };
}
