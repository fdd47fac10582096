import type { z } from 'zod';
import { explainConfigKey } from './config-key.ts';
import { type Finding, formatPath } from './finding.ts';
import { findingsOfIssue } from './schema/finding-of-issue.ts';
import type { placeShape, projectShape } from './schema/project-schema.ts';
import { namedToolchains, severalToolchains } from './schema/toolchain-schema.ts';
import { type MapNode, type Path, toPlain, type YamlNode } from './yaml/yaml-node.ts';

type Outputs<Shape extends z.ZodRawShape> = {
  readonly [Key in keyof Shape]?: Exclude<z.output<Shape[Key]>, undefined>;
};

/** What the keys of one map say, before anything is inherited. Keys with problems are absent. */
export type ProjectForm = Outputs<typeof projectShape> & Outputs<typeof placeShape>;

/**
 * Reads the keys of one map, each by its own schema: a problem in one hides no problem in another.
 * `shape` is that of the top level or of a project; `others` are keys that the caller reads.
 */
export function readForm(
  map: MapNode,
  place: { path: Path; root: YamlNode; shape: z.ZodRawShape; others: readonly string[] },
): { form: ProjectForm; findings: Finding[] } {
  const { path, root, shape, others } = place;
  const findings: Finding[] = [];
  const form: Record<string, unknown> = {};
  for (const [key, { value }] of map.entries) {
    const schema = Object.hasOwn(shape, key) ? (shape[key] as z.ZodType) : undefined;
    if (schema === undefined) {
      if (others.includes(key)) continue;
      const known = [...Object.keys(shape), ...others];
      findings.push({ ...explainConfigKey(key, known, formatPath(path)), path: [...path, key], at: 'key' });
      continue;
    }
    const read = schema.safeParse(toPlain(value));
    if (read.success) form[key] = read.data;
    else
      findings.push(
        ...read.error.issues.flatMap((issue) =>
          findingsOfIssue(issue, [...path, key], { root, explainKey: explainConfigKey }),
        ),
      );
  }
  findings.push(...surplusToolchains(map, path));
  return { form: form as ProjectForm, findings }; // each key has been read by the schema that its type is taken from
}

function surplusToolchains(map: MapNode, path: Path): Finding[] {
  const written = [...map.entries].map(
    ([key, { value }]) => [key, value.kind === 'scalar' ? value.text : ''] as const,
  );
  const [first, ...others] = namedToolchains(Object.fromEntries(written));
  return others.map((name) => ({
    ...severalToolchains(name, first ?? name),
    path: [...path, name],
    at: 'key',
  }));
}
