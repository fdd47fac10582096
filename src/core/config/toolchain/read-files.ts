import { parse as parseToml } from 'smol-toml';
import { z } from 'zod';
import { readXml } from '../../read-xml.ts';
import { accept, type Reading, refuse } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';

/** The parts of package.json that we use; a part of another shape is as good as absent. */
const Manifest = z.object({
  engines: z
    .object({ node: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  devDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  optionalDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  workspaces: z.unknown().optional(),
  packageManager: z.string().optional().catch(undefined),
});

export type PackageManifest = z.output<typeof Manifest>;

/** package.json; undefined when the project has none. */
export function readJson(
  text: ProjectFiles['text'],
  file: 'package.json',
): Reading<PackageManifest | undefined> {
  return parsed(text, file, (content) => Manifest.parse(JSON.parse(content.replace(/^\uFEFF/, ''))));
}

export function readToml(text: ProjectFiles['text'], file: string): Reading<unknown> {
  return parsed(text, file, (content) => parseToml(content.replace(/^\uFEFF/, '')));
}

/** What stands in `properties` of a pom.xml, by name; undefined when the project has none. */
export function readPomProperties(
  text: ProjectFiles['text'],
): Reading<Readonly<Record<string, string>> | undefined> {
  return parsed(text, 'pom.xml', propertiesOf);
}

function propertiesOf(xml: string): Readonly<Record<string, string>> {
  const properties = new Map<string, string>();
  const path: string[] = [];
  readXml(xml, {
    open: (name) => void path.push(name),
    text(text) {
      const [project, section, name, ...deeper] = path;
      if (project !== 'project' || section !== 'properties' || name === undefined || deeper.length > 0)
        return;
      properties.set(name, (properties.get(name) ?? '') + text);
    },
    close: () => void path.pop(),
  });
  return Object.fromEntries(properties);
}

/** What is at a path of nested tables; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let inner = value;
  for (const key of path) {
    const isTable = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key);
    inner = isTable ? Reflect.get(inner as object, key) : undefined; // `isTable` is this very check
  }
  return inner;
}

/** The same, when it is text. */
export function textAt(value: unknown, path: readonly string[]): string | undefined {
  const inner = valueAt(value, path);
  return typeof inner === 'string' ? inner : undefined;
}

/** The first word of a file that is not in a comment; undefined when it has none, or the file does not exist. */
export function firstWord(content: string | undefined): string | undefined {
  const lines = (content ?? '').replace(/^\uFEFF/, '').split('\n');
  return lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0]).find(Boolean);
}

function parsed<T>(
  text: ProjectFiles['text'],
  file: string,
  parse: (content: string) => T,
): Reading<T | undefined> {
  const content = Object.hasOwn(text, file) ? text[file] : undefined;
  if (content === undefined) return accept(undefined);
  try {
    return accept(parse(content));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return refuse('bad-toolchain-file', `${file} cannot be read: ${reason.slice(0, 120)}`, {
      instead: `mend ${file}`,
    });
  }
}
