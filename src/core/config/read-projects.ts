import { checkProject, checkProjects } from './check-project.ts';
import type { Config, ProjectConfig } from './config.ts';
import { type Finding, type Positions, quoted } from './finding.ts';
import { inherit, widenProject } from './inherit.ts';
import { LIMITS } from './limits.ts';
import { type ProjectForm, readForm } from './project-form.ts';
import { placeShape, projectShape } from './schema/project-schema.ts';
import { readProjectName } from './values/names.ts';
import { type MapEntry, type MapNode, placeOf, type YamlNode } from './yaml/yaml-node.ts';

interface Projects {
  readonly config: Config;
  readonly findings: readonly Finding[];
}

/** The projects of a file. With findings the config is only as good as the rest of the file. */
export function readProjects(root: YamlNode | undefined, positions: Positions): Projects {
  if (root === undefined || root.kind === 'null') return singleProject({}, []);
  if (root.kind !== 'map') return singleProject({}, [notAMap(root)]);
  const top = readForm(root, { path: [], root, shape: projectShape, others: ['projects'] });
  const entry = root.entries.get('projects');
  return entry === undefined
    ? singleProject(top.form, top.findings)
    : severalProjects(root, { entry, top: top.form, findings: top.findings }, positions);
}

function singleProject(form: ProjectForm, findings: readonly Finding[]): Projects {
  const project = widenProject(form, { name: '.', path: '.' });
  return {
    config: { projects: [project], monorepo: false },
    findings: [...findings, ...checkProject(project, [])],
  };
}

function severalProjects(
  root: MapNode,
  { entry, top, findings }: { entry: MapEntry; top: ProjectForm; findings: readonly Finding[] },
  positions: Positions,
): Projects {
  const wrong = checkProjectMap(entry.value);
  if (wrong !== undefined || entry.value.kind !== 'map')
    return singleProject(top, [...findings, ...(wrong ?? [])]);
  const found: Finding[] = [...findings];
  const projects: ProjectConfig[] = [];
  for (const [name, { value }] of entry.value.entries) {
    const path = ['projects', name];
    const read = readProjectName(name);
    if (!read.ok) found.push({ ...read.refusal, path, at: 'key' });
    if (value.kind !== 'map' && value.kind !== 'null') {
      found.push({
        code: 'wrong-type',
        message: `${quoted(name)} is no map`,
        expected: 'the keys of a project',
        path,
      });
      continue;
    }
    const own = value.kind === 'null' ? NOTHING : readOwn(value, path, root);
    const position = positions(placeOf(root, path, 'key'));
    const project = { ...widenProject(inherit(top, own.form), { name, path: name }), position };
    projects.push(project);
    found.push(...own.findings, ...checkProject(project, path));
  }
  found.push(...checkProjects(projects));
  return { config: { projects, monorepo: true }, findings: found };
}

const NOTHING: { form: ProjectForm; findings: Finding[] } = { form: {}, findings: [] };

function readOwn(
  value: MapNode,
  path: readonly string[],
  root: YamlNode,
): { form: ProjectForm; findings: Finding[] } {
  return readForm(value, { path, root, shape: { ...projectShape, ...placeShape }, others: [] });
}

function checkProjectMap(value: YamlNode): Finding[] | undefined {
  const path = ['projects'];
  const expected = 'a map of names to projects';
  if (value.kind === 'null')
    return [{ code: 'empty-value', message: '`projects` has no value', expected, path }];
  if (value.kind !== 'map') {
    return [{ code: 'wrong-type', message: '`projects` is no map', expected, path }];
  }
  if (value.entries.size === 0)
    return [{ code: 'empty-value', message: '`projects` is empty', expected, path }];
  if (value.entries.size <= LIMITS.projects) return undefined;
  const message = `These are more than ${LIMITS.projects} projects`;
  return [{ code: 'too-many', message, path, at: 'key' }];
}

function notAMap(root: YamlNode): Finding {
  const kind = root.kind === 'list' ? 'a list' : 'a single value';
  return {
    code: 'wrong-type',
    message: `The file is ${kind}`,
    expected: 'keys with values, such as `test: make test`',
    path: [],
  };
}
