/** An environment variable whose value Kubernetes expands; values of secrets are taken as they are. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  readonly secret?: boolean;
}

/**
 * Kubernetes' own expansion of `$(VAR)` in env values, command and args: a known name becomes its value, an unknown one
 * stays as written, `$$` is one `$` (so `$$(VAR)` arrives as `$(VAR)`), any other `$` stays.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#entrypoint
 */
export function expandVariables(text: string, variables: ReadonlyMap<string, string>): string {
  // Past the last parenthesis nothing can close: knowing where it is keeps many unclosed `$(` linear.
  const lastClosing = text.lastIndexOf(')');
  let expanded = '';
  let from = 0;
  for (let at = text.indexOf('$'); at !== -1; at = text.indexOf('$', from)) {
    expanded += text.slice(from, at);
    const next = text[at + 1];
    if (next === '$') {
      expanded += '$';
      from = at + 2;
    } else if (next === '(' && at < lastClosing) {
      const closing = text.indexOf(')', at);
      const name = text.slice(at + 2, closing);
      expanded += variables.get(name) ?? `$(${name})`;
      from = closing + 1;
    } else {
      expanded += '$';
      from = at + 1;
    }
  }
  return expanded + text.slice(from);
}

/** The environment of a container: each value may name entries before it; of two entries with one name the later wins. */
export function expandEnvironment(entries: readonly EnvEntry[]): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const { name, value, secret } of entries) {
    variables.set(name, secret === true ? value : expandVariables(value, variables));
  }
  return variables;
}

/** Names of the variables whose value is a secret's, or holds one by naming it. */
export function secretNames(entries: readonly EnvEntry[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, value, secret } of entries) {
    if (secret === true || [...names].some((other) => value.includes(`$(${other})`))) names.add(name);
    else names.delete(name);
  }
  return names;
}
