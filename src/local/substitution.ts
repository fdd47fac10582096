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
    if (!name.includes('.')) replacements.set(`params.${name}`, value);
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

/** Workspaces that a value refers to, by `$(workspaces.<workspace>.path)` and the like. */
export function workspaceReferences(value: unknown): readonly string[] {
  return references(value, WORKSPACE);
}

/** Params that a value refers to, in any spelling; none that only begins like a reference, which is the shell's. */
export function paramReferences(value: unknown): readonly string[] {
  return [...references(value, PARAM), ...references(value, DOTTED_PARAM)];
}

/** Results of the task itself that a value refers to, by `$(results.<result>.path)`. */
export function resultReferences(value: unknown): readonly string[] {
  return references(value, RESULT);
}

/** Results of steps that a value refers to, by `$(step.results.<result>.path)` or `$(steps.<step>.results.<result>)`. */
export function stepResultReferences(value: unknown): readonly string[] {
  return references(value, STEP_RESULT);
}

function references(value: unknown, pattern: RegExp): readonly string[] {
  const names = new Set<string>();
  mapStrings(value, (text) => {
    for (const [, ...groups] of text.matchAll(pattern)) {
      const name = groups.find((group) => group !== undefined);
      if (name !== undefined) names.add(name);
    }
    return text;
  });
  return [...names];
}

const REFERENCE = /\$\(([^()]*)\)/g;
const TASK_RESULT = /\$\(tasks\.([A-Za-z0-9-]+)\.results\.([A-Za-z0-9_.-]+)\)/g;
const PARAM = /\$\(params(?:\.([A-Za-z0-9_-]+)|\[['"]([A-Za-z0-9_.-]+)['"]\])\)/g;
// A key of an object, which no param is here: only brackets reach a name with dots.
const DOTTED_PARAM = /\$\((params\.[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+)\)/g;
const RESULT = /\$\(results(?:\.|\[['"])([A-Za-z0-9_.-]+?)(?:['"]\])?\.path\)/g;
const STEP_RESULT = /\$\((step\.results\.[A-Za-z0-9_.-]+|steps\.[A-Za-z0-9-]+\.results\.[A-Za-z0-9_.-]+)\)/g;
const WORKSPACE = /\$\(workspaces\.([A-Za-z0-9_.-]+)\.(?:path|bound|claim|volume)\)/g;

function replaceOnce(text: string, replacements: Replacements): string {
  return text.replace(REFERENCE, (whole: string, name: string) => replacements.get(name) ?? whole);
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}
