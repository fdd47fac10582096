import { UserError } from '../user-error.ts';
import type { EnvVar } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';

/**
 * The secrets that the config names, as variables. None for an untrusted run. Throws a `UserError` for those that the operator does
 * not give to the repository.
 */
export function secretEnv({ run, source, settings }: RenderInput): EnvVar[] {
  if (run.key.trust !== 'trusted') return [];
  const { secrets } = run.project;
  const missing = secrets.filter((name) => !Object.hasOwn(settings.secrets, name));
  if (missing.length > 0) refuse(missing, source.repository);
  return secrets.flatMap((name) => {
    const secret = settings.secrets[name];
    return secret === undefined ? [] : [{ name, valueFrom: { secretKeyRef: secret } }];
  });
}

function refuse(names: readonly string[], repository: string): never {
  const which = names.length === 1 ? `The secret ${names[0]} is` : `The secrets ${names.join(', ')} are`;
  throw new UserError(
    'secret-not-given',
    `${which} not given to ${repository}: the operator of tekton-ci gives secrets to a repository, under \`repositories\` → \`secrets\` of the operator settings`,
  );
}
