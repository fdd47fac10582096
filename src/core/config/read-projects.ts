import { checkProject, checkProjects } from './check-project.ts';
import type { Config, ProjectConfig } from './config.ts';
import { type Finding, type Positions, quoted } from './finding.ts';
import { inherit, widenProject } from './inherit.ts';
import { LIMITS } from './limits.ts';
import { type ProjectForm, readForm } from './project-form.ts';
import { placeShape, projectShape } from './schema/project-schema.ts';
import { readProjectName } from './values/names.ts';
import { KIND_NAMES, type MapEntry, type Path, placeOf, type YamlNode } from './yaml/yaml-node.ts';

interface Projects {
  readonly config: Config;
  readonly findings: readonly Finding[];
}

/** The projects of a file. With findings the config is only as good as the rest of the file. */
export function readProjects(root: YamlNode | undefined, positions: Positions): Projects {
  if (root === undefined || root.kind === 'null') return singleProject({}, []);
  if (root.kind !== 'map') {
    return singleProject({}, [
      wrongKind('The file', root, [], 'keys with values, such as `test: make test`'),
    ]);
  }
  const top = readForm(root, { path: [], root, shape: projectShape, others: ['projects'] });
  const entry = root.entries.get('projects');
  if (entry === undefined) return singleProject(top.form, top.findings);
  const projects = projectMap(entry.value);
  if ('code' in projects) return singleProject(top.form, [...top.findings, projects]);
  return severalProjects(projects, { root, top, positions });
}

function singleProject(form: ProjectForm, findings: readonly Finding[]): Projects {
  const project = widenProject(form, { name: '.', path: '.' });
  return {
    config: { projects: [project], monorepo: false },
    findings: [...findings, ...checkProject(project, [], findings)],
  };
}

interface Read {
  readonly form: ProjectForm;
  readonly findings: readonly Finding[];
}

function severalProjects(
  entries: ReadonlyMap<string, MapEntry>,
  { root, top, positions }: { root: YamlNode; top: Read; positions: Positions },
): Projects {
  const findings = [...top.findings];
  const projects: ProjectConfig[] = [];
  for (const [name, { value }] of entries) {
    const path = ['projects', name];
    const own = readOwn(name, value, root);
    const position = positions(placeOf(root, path, 'key'));
    const project = { ...widenProject(inherit(top.form, own.form), { name, path: name }), position };
    projects.push(project);
    findings.push(...own.findings, ...checkProject(project, path, [...top.findings, ...own.findings]));
  }
  return { config: { projects, monorepo: true }, findings: [...findings, ...checkProjects(projects)] };
}

/** What a project says itself. A project without a value says nothing. */
function readOwn(name: string, value: YamlNode, root: YamlNode): Read {
  const path = ['projects', name];
  const read = readProjectName(name);
  const badName: Finding[] = read.ok ? [] : [{ ...read.refusal, path, at: 'key' }];
  if (value.kind === 'null') return { form: {}, findings: badName };
  if (value.kind !== 'map') {
    return {
      form: {},
      findings: [...badName, wrongKind(quoted(name), value, path, 'a map with the keys of a project')],
    };
  }
  const own = readForm(value, { path, root, shape: { ...projectShape, ...placeShape }, others: [] });
  return { form: own.form, findings: [...badName, ...own.findings] };
}

/** The projects by name, or what is wrong with `projects:` as a whole. */
function projectMap(value: YamlNode): ReadonlyMap<string, MapEntry> | Finding {
  const path = ['projects'];
  const expected = 'a map of names to projects';
  if (value.kind === 'null')
    return { code: 'empty-value', message: '`projects` has no value', expected, path };
  if (value.kind !== 'map') return wrongKind('`projects`', value, path, expected);
  if (value.entries.size === 0)
    return { code: 'empty-value', message: '`projects` is empty', expected, path };
  if (value.entries.size <= LIMITS.projects) return value.entries;
  return { code: 'too-many', message: `These are more than ${LIMITS.projects} projects`, path, at: 'key' };
}

function wrongKind(what: string, node: YamlNode, path: Path, expected: string): Finding {
  return { code: 'wrong-type', message: `${what} is a ${KIND_NAMES[node.kind]}`, expected, path };
}
