import type { BuildStage, ProjectConfig, Resources, TestStage, ToolchainName } from './config.ts';

/** The files of one project's directory that decide its toolchain. */
export interface ProjectFiles {
  /** Names in the project's directory; directories included. */
  readonly entries: readonly string[];
  /** Text of those files of `TOOLCHAIN_FILES` that exist there, by name. */
  readonly text: Readonly<Record<string, string>>;
}

/** Where a stage's commands run: an image that the operator maps from a toolchain, or one that the config names. */
export type StageImage =
  | { readonly kind: 'toolchain'; readonly toolchain: ToolchainName; readonly version: string }
  | { readonly kind: 'reference'; readonly reference: string };

/** A `test` or `build` ready to be rendered: nothing is left to detect. */
export interface ResolvedStage {
  /** The version, when the project tests several. */
  readonly variant?: string;
  readonly image: StageImage;
  /** At least one; run in order in one shell, in the project's directory. */
  readonly commands: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout?: number;
  readonly resources?: Resources;
}

/** A project whose toolchain, versions, images and commands are decided. */
export interface ResolvedProject extends Omit<ProjectConfig, 'test' | 'build'> {
  /** One for each version; empty when tests are off. */
  readonly tests: readonly (ResolvedStage & Pick<TestStage, 'report'>)[];
  readonly build?: ResolvedStage & Pick<BuildStage, 'output'>;
  /** What was decided and why: "Go 1.25 from go.mod". */
  readonly decisions: readonly string[];
}
