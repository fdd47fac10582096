import type { Position } from './problem.ts';

/** What `.tekton-ci.yml` says once short forms are widened, defaults filled in and projects have inherited. */

export type ToolchainName = 'go' | 'node' | 'python' | 'java' | 'rust';

export const TOOLCHAIN_NAMES = ['go', 'node', 'python', 'java', 'rust'] as const satisfies ToolchainName[];

/** A toolchain that the config names. Without `versions` the repository's own files decide. */
export interface ToolchainChoice {
  readonly name: ToolchainName;
  /** As written (`1.20` stays "1.20"); more than one means one test per version. Never empty. */
  readonly versions?: readonly string[];
}

/** Kubernetes quantities, as written. */
export interface Resources {
  readonly cpu?: string;
  readonly memory?: string;
}

/** What `test` and `build` share. */
export interface CommandStage {
  /** Shell commands in place of the toolchain's preset; one shell runs them all. Never empty. */
  readonly commands?: readonly string[];
  readonly packages?: readonly string[];
  readonly flags?: readonly string[];
  /** Overrides the project's toolchain for this stage; `off`: the stage has none and runs in the project's `use`. */
  readonly toolchain?: ToolchainChoice | 'off';
  readonly env: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout?: number;
  readonly resources?: Resources;
}

export interface TestStage extends CommandStage {
  /** Globs of JUnit XML files that the commands write. */
  readonly report: readonly string[];
}

export interface BuildStage extends CommandStage {
  readonly output?: string;
  readonly goos?: string;
  readonly goarch?: string;
  readonly cgo?: boolean;
}

export interface ImageStage {
  /** Repository of the image, without a tag: `ghcr.io/acme/api`. */
  readonly name: string;
  /** Relative to the project's path. */
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Further tags, besides the commit and the branch or tag name. */
  readonly tags: readonly string[];
  /** `auto` pushes published runs only; `always` pushes every trusted run. */
  readonly push: 'auto' | 'always' | 'never';
  /** Allowed flags of the image builder. */
  readonly args: readonly string[];
}

export interface DeployTarget {
  /** The target's name; `production` when the config names none. */
  readonly to: string;
  readonly namespace?: string;
  readonly release?: string;
  readonly chart?: string;
  readonly values: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  readonly commands?: readonly string[];
  /** Globs of branches and tags; without it the default branch only. */
  readonly only?: readonly string[];
  readonly approve: boolean;
  readonly url?: string;
  /** Seconds. */
  readonly timeout?: number;
}

export interface Service {
  /** Host name, a DNS label. */
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** A shell command that succeeds once the service is ready; `off` waits for nothing; absent: the known image's own. */
  readonly ready?: string;
}

export interface CloneOptions {
  /** Commits of history; 0 is all of it. */
  readonly depth: number;
  readonly submodules: boolean;
  readonly lfs: boolean;
}

export interface ProjectConfig {
  /** The key under `projects:`; `.` for a repository that is one project. */
  readonly name: string;
  /** Directory relative to the repository's root, without leading or trailing slash; `.` for the root. */
  readonly path: string;
  /** Globs, relative to the repository's root, of further files that concern this project. */
  readonly watch: readonly string[];
  readonly toolchain?: ToolchainChoice;
  /** Toolchains switched off: not to be found by files either. */
  readonly excluded?: readonly ToolchainName[];
  /** Image for `test` and `build` in place of a toolchain's. */
  readonly use?: string;
  /** Absent means `off`. */
  readonly test?: TestStage;
  readonly build?: BuildStage;
  readonly image?: ImageStage;
  readonly deploy: readonly DeployTarget[];
  readonly services: readonly Service[];
  readonly env: Readonly<Record<string, string>>;
  /** Names of secrets that the operator maps. */
  readonly secrets: readonly string[];
  /** `auto` is the toolchain's own folders. */
  readonly cache: 'auto' | 'off' | readonly string[];
  readonly clone: CloneOptions;
  /** Seconds, for the whole run. */
  readonly timeout: number;
  readonly resources?: Resources;
  /** Where the project stands in the file, for problems that only its files show; line 1 when absent. */
  readonly position?: Position;
}

export interface Config {
  /** At least one, in the order written. */
  readonly projects: readonly ProjectConfig[];
  /** True when the file has `projects:`, so checks are named by project and there is a gate. */
  readonly monorepo: boolean;
}
