/** Replacements by the text between `$(` and `)`: `params.image` → `golang:1.25`. */
export type Replacements = ReadonlyMap<string, string>;

/**
 * Tekton's substitution: every pass replaces the `$(…)` that it knows and leaves the others, which are the shell's.
 * Later passes see what earlier ones pasted; one pass never looks at what it pasted itself.
 * The passes come in Tekton's order: params, contexts, results, workspaces.
 * https://tekton.dev/docs/pipelines/variables/
 */
export function substitute(text: string, passes: readonly Replacements[]): string {
  return passes.reduce(replaceOnce, text);
}

/** The same in every string of a value made of plain objects and arrays; keys are left alone. */
export function substituteDeep<T>(value: T, passes: readonly Replacements[]): T {
  // Strings become strings and the shape stays, which the type system cannot see.
  return mapStrings(value, (text) => substitute(text, passes)) as T;
}

/** The spellings under which Tekton knows a param: `params.x`, `params['x']`, `params["x"]`. */
export function paramReplacements(params: ReadonlyMap<string, string>): Replacements {
  const replacements = new Map<string, string>();
  for (const [name, value] of params) {
    replacements.set(`params.${name}`, value);
    replacements.set(`params['${name}']`, value);
    replacements.set(`params["${name}"]`, value);
  }
  return replacements;
}

/** Results of other tasks that a value refers to, by `$(tasks.<task>.results.<result>)`. */
export function taskResultReferences(value: unknown): readonly { task: string; result: string }[] {
  const references = new Map<string, { task: string; result: string }>();
  mapStrings(value, (text) => {
    for (const [, task, result] of text.matchAll(TASK_RESULT)) {
      if (task !== undefined && result !== undefined) references.set(`${task}.${result}`, { task, result });
    }
    return text;
  });
  return [...references.values()];
}

const REFERENCE = /\$\(([^()]*)\)/g;
const TASK_RESULT = /\$\(tasks\.([A-Za-z0-9-]+)\.results\.([A-Za-z0-9_.-]+)\)/g;

function replaceOnce(text: string, replacements: Replacements): string {
  return text.replace(REFERENCE, (whole: string, name: string) => replacements.get(name) ?? whole);
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}
