import type { EnvVar } from './pipeline-run.ts';

/**
 * Must be the first entry of every container's `env`. Tekton, Kubernetes and Tekton's entrypoint each expand `$(…)` in
 * values and none has an escape that survives the others; but Kubernetes expands this variable last, so a `$` written
 * as `$(TEKTON_CI_DOLLAR)` arrives as a plain `$`.
 */
export const DOLLAR: EnvVar = { name: 'TEKTON_CI_DOLLAR', value: '$' };

/** Anybody's text for a value of `env` or an item of `args`: it arrives byte for byte, whatever it holds. */
export function foreignText(text: string): string {
  return text.replaceAll('$', '$(TEKTON_CI_DOLLAR)');
}

/** An entry whose value is anybody's text. */
export function foreign(name: string, value: string): EnvVar {
  return { name, value: foreignText(value) };
}

/** An entry whose value is ours, and may use `$(workspaces.source.path)` and the like. */
export function ours(name: string, value: string): EnvVar {
  return { name, value };
}

/** A list as variables: how many in `<name>S`, then `<name>_1`, `<name>_2` … */
export function foreignList(name: string, values: readonly string[]): EnvVar[] {
  return [
    ours(`${name}S`, String(values.length)),
    ...values.map((value, index) => foreign(`${name}_${index + 1}`, value)),
  ];
}
