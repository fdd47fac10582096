import { NO_BOOLEAN, scalar } from '../../config/schema/scalar.ts';
import { BOOLEAN, readBoolean } from '../../config/values/boolean.ts';
import { COUNT, COUNT_HINTS, readCount } from '../values/count.ts';
import { readLabelKey, readLabelValue, readObjectName } from '../values/kubernetes-names.ts';
import { IP, readHostName, readIp } from '../values/network.ts';
import { readOff, readUnlessOff } from '../values/off.ts';
import { expectedOf, oneOf } from '../values/one-of.ts';

/** The name of a Kubernetes object: "a claim", "a Secret". */
export function objectName(what: string) {
  return scalar(readObjectName, `the name of ${what}`, NO_BOOLEAN);
}

/** The same, or `off` to take away what a less specific level names. */
export function objectNameOrOff(what: string) {
  return scalar((text) => readUnlessOff(text, readObjectName), `the name of ${what}, or \`off\``, NO_BOOLEAN);
}

/** `off` alone, next to a map. */
export function off(expected: string) {
  return scalar((text) => readOff(text, expected), expected, { enum: ['off'] });
}

export function word<const Word extends string>(words: readonly Word[]) {
  return scalar(oneOf(words), expectedOf(words), { enum: words });
}

export const boolean = scalar(readBoolean, BOOLEAN, { type: ['boolean', 'string'] });

export const count = scalar(readCount, COUNT, COUNT_HINTS);

export const labelKey = scalar(readLabelKey, 'the key of a label', { type: 'string' });
export const labelValue = scalar(readLabelValue, 'the value of a label');
export const hostName = scalar(readHostName, 'a host name', { type: 'string' });
export const ip = scalar(readIp, IP, { type: 'string' });
