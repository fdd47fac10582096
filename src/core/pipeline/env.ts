import type { EnvVar } from './pipeline-run.ts';

/**
 * Must be the first entry of every step's `env`. Tekton, Kubernetes and Tekton's entrypoint each expand `$(…)` in
 * values and none has an escape that survives the others; but Kubernetes expands this variable last, so a `$` written
 * as `$(TEKTON_CI_DOLLAR)` arrives as a plain `$`.
 */
export const DOLLAR: EnvVar = { name: 'TEKTON_CI_DOLLAR', value: '$' };

/** An entry whose value is anybody's text: it arrives byte for byte, whatever it holds. */
export function foreign(name: string, value: string): EnvVar {
  return { name, value: value.replaceAll('$', '$(TEKTON_CI_DOLLAR)') };
}

/** An entry whose value is ours, and may use `$(workspaces.source.path)` and the like. */
export function ours(name: string, value: string): EnvVar {
  return { name, value };
}
