import type { ToolchainName } from '../config/config.ts';
import type { ResolvedStage } from '../config/resolved-project.ts';
import { foreignList, ours } from './env.ts';
import { claimFolder } from './folders.ts';
import type { EnvVar, TaskStep, Volume, WorkspaceBinding } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';
import { projectTitle } from './step-context.ts';

const CACHE = 'cache';

/** Where the cache is when it cannot be a workspace. */
const MOUNT_PATH = '/workspace/cache';

/** What a step needs for the dependency cache; nothing where there is none. */
export interface CacheUse {
  readonly env: readonly EnvVar[];
  readonly workspaces: NonNullable<TaskStep['workspaces']>;
  readonly volumeMounts: NonNullable<TaskStep['volumeMounts']>;
  readonly volumes: readonly Volume[];
}

const NONE: CacheUse = { env: [], workspaces: [], volumeMounts: [], volumes: [] };

/** The cache as a `test` or `build` step uses it: variables that send the tools there, or the config's own paths. */
export function cacheUse(stage: ResolvedStage, input: RenderInput): CacheUse {
  const { cache: claim } = input.settings;
  const { cache } = input.run.project;
  if (claim === undefined || cache === 'off') return NONE;
  const place = isWorkspace(input) ? asWorkspace() : asVolume(claim.claim, input);
  const wanted = cache === 'auto' ? toolVariables(stage, place.path) : pathVariables(cache, input);
  return { ...place, env: [ours('TEKTON_CI_CACHE', place.path), ...wanted] };
}

/** The cache's workspace. Trusted and untrusted runs never meet in it. */
export function cacheBinding(input: RenderInput): WorkspaceBinding[] {
  const { cache } = input.settings;
  if (cache === undefined) return [];
  return [{ name: CACHE, persistentVolumeClaim: { claimName: cache.claim }, subPath: folder(input) }];
}

/**
 * The workspaces of a task may be of one claim only (Tekton's affinity assistant), and in the layout `tasks` that is the source's. A
 * volume is not counted.
 */
function isWorkspace({ settings }: RenderInput): boolean {
  const { layout, storage, cache } = settings;
  return layout === 'pod' || ('claim' in storage && storage.claim === cache?.claim);
}

function asWorkspace() {
  return {
    path: `$(workspaces.${CACHE}.path)`,
    workspaces: [{ name: CACHE }],
    volumeMounts: [],
    volumes: [],
  };
}

function asVolume(claimName: string, input: RenderInput) {
  return {
    path: MOUNT_PATH,
    workspaces: [],
    volumeMounts: [{ name: CACHE, mountPath: MOUNT_PATH, subPath: folder(input) }],
    volumes: [{ name: CACHE, persistentVolumeClaim: { claimName } }],
  };
}

function folder({ source, run }: RenderInput): string {
  return claimFolder(CACHE, source.repository, run.key.trust);
}

/** Where each toolchain's own tools keep what they fetch, and Go what it compiled. */
const TOOLS: Readonly<Record<ToolchainName, Readonly<Record<string, string>>>> = {
  go: { GOMODCACHE: 'go/mod', GOCACHE: 'go/build' },
  node: {
    npm_config_cache: 'npm',
    YARN_CACHE_FOLDER: 'yarn/cache',
    YARN_GLOBAL_FOLDER: 'yarn/global',
    COREPACK_HOME: 'corepack',
  },
  python: { PIP_CACHE_DIR: 'pip' },
  java: { GRADLE_USER_HOME: 'gradle' },
  rust: { CARGO_HOME: 'cargo' },
};

/** Of the stage's toolchain; a container that the config names may hold any of them. */
function toolVariables(stage: ResolvedStage, path: string): EnvVar[] {
  const { image, env, commands } = stage;
  const names = image.kind === 'toolchain' ? [image.toolchain] : (Object.keys(TOOLS) as ToolchainName[]); // its own keys
  const folders = Object.entries(Object.assign({}, ...names.map((name) => TOOLS[name])) as object); // names to folders
  const variables: [string, string][] = folders.map(([name, below]) => [name, `${path}/${below}`]);
  if (names.includes('java')) variables.push(['MAVEN_OPTS', `-Dmaven.repo.local=${path}/maven`]);
  // npm would warn of a key that only pnpm knows.
  if (commands.some((command) => command.includes('pnpm'))) {
    variables.push(['npm_config_store_dir', `${path}/pnpm`], ['pnpm_config_store_dir', `${path}/pnpm`]);
  }
  const ownOnes = variables.filter(([name]) => !Object.hasOwn(env, name));
  return [
    ...ownOnes.map(([name, value]) => ours(name, value)),
    ours('TEKTON_CI_CACHE_VARIABLES', ownOnes.map(([name]) => name).join(' ')),
  ];
}

function pathVariables(paths: readonly string[], input: RenderInput): EnvVar[] {
  return [
    ours('TEKTON_CI_CACHE_FOLDER', `paths/${claimFolder(projectTitle(input))}`),
    ...foreignList('TEKTON_CI_CACHE_PATH', paths),
  ];
}
