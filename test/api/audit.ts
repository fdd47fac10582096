import { readFileSync } from 'node:fs';
import type { PlaneAddress } from './control-plane.ts';
import type { Rule } from './world.ts';

/** A call that the API server has noted. */
export interface AuditedCall {
  /** What a Role has to grant for it: `tekton.dev/pipelineruns get`. */
  readonly right: string;
  readonly namespace: string;
  /** HTTP status of the answer. */
  readonly code: number;
}

/** The calls of one user that have ended, the oldest first. */
export function auditedCalls({ auditLog }: Pick<PlaneAddress, 'auditLog'>, user: string): AuditedCall[] {
  const lines = readFileSync(auditLog, 'utf8').split('\n');
  return lines
    .filter((line) => line.includes(`"username":"${user}"`))
    .map((line) => {
      const { verb, objectRef = {}, responseStatus } = JSON.parse(line);
      const { apiGroup = '', resource, subresource, namespace = '' } = objectRef;
      const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
      return { right: `${apiGroup}/${whole} ${verb}`, namespace, code: responseStatus?.code ?? 0 };
    });
}

/** Every right on its own, in the words of `AuditedCall`. */
export function rightsOf(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`)),
    ),
  );
}

/** A rule for each right but one. */
export function withoutRight(rules: readonly Rule[], right: string): Rule[] {
  return rightsOf(rules)
    .filter((each) => each !== right)
    .map((each) => {
      const [, group = '', resource = '', verb = ''] = /^([^/]*)\/(\S+) (\w+)$/.exec(each) ?? [];
      return { apiGroups: [group], resources: [resource], verbs: [verb] };
    });
}
