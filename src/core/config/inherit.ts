import { type ProjectConfig, TOOLCHAIN_NAMES, type ToolchainName } from './config.ts';
import type { ProjectForm } from './project-form.ts';
import { DEFAULT_CLONE } from './schema/project-schema.ts';
import { DEFAULT_TEST } from './schema/stage-schema.ts';
import { chosenToolchain } from './schema/toolchain-schema.ts';

const DEFAULT_TIMEOUT = 3600;

/**
 * A project's keys over the top level's: `env` is merged name by name, every other key replaces the inherited one.
 * A toolchain and `use` answer the same question, so a project that says either inherits neither.
 */
export function inherit(top: ProjectForm, own: ProjectForm): ProjectForm {
  const places = ['use', ...TOOLCHAIN_NAMES] as const;
  const answersWhere = places.some((key) => own[key] !== undefined && own[key] !== 'off');
  const inherited = Object.entries(top).filter(
    ([key]) => !(answersWhere && places.some((place) => place === key)),
  );
  const env = top.env === undefined && own.env === undefined ? {} : { env: { ...top.env, ...own.env } };
  return { ...Object.fromEntries(inherited), ...own, ...env };
}

/** The project that a form describes, with every default; `name` and `path` are those of a project that says nothing. */
export function widenProject(form: ProjectForm, place: { name: string; path: string }): ProjectConfig {
  return {
    name: place.name,
    path: place.path,
    watch: [],
    ...kept('toolchain', chosenToolchain(form)),
    ...kept('excluded', excludedToolchains(form)),
    ...kept('use', form.use),
    ...kept('test', form.test ?? DEFAULT_TEST),
    ...kept('build', form.build),
    ...kept('image', form.image),
    deploy: [],
    services: [],
    env: {},
    secrets: [],
    cache: 'auto',
    clone: DEFAULT_CLONE,
    timeout: DEFAULT_TIMEOUT,
    ...replacing(form),
  };
}

function excludedToolchains(form: ProjectForm): readonly ToolchainName[] | undefined {
  const excluded = TOOLCHAIN_NAMES.filter((name) => form[name] === 'off');
  return excluded.length === 0 ? undefined : excluded;
}

/** The keys whose form is already what a project holds. */
function replacing(form: ProjectForm): Partial<ProjectConfig> {
  const { go, node, python, java, rust, use, test, build, image, ...rest } = form;
  return rest;
}

/** A key that is absent when nothing or `off` is said. */
function kept<const Key extends string, Value extends object | string>(
  key: Key,
  value: Value | 'off' | undefined,
) {
  const said = value === undefined || value === 'off' ? {} : { [key]: value };
  return said as { [K in Key]?: Exclude<Value, 'off'> }; // a computed key has no type of its own
}
