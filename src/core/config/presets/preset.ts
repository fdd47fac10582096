import type { BuildStage, TestStage } from '../config.ts';
import type { Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';

/** What a toolchain runs when a stage says no commands of its own. */
export interface PresetCommands {
  readonly commands: readonly string[];
  /** Variables that the project's and the stage's own `env` override. */
  readonly env?: Readonly<Record<string, string>>;
  /** What was decided, where that is not plain. */
  readonly decision?: string;
}

/** A toolchain's presets. Each refuses, with words that say what to add, when the files give it nothing to run. */
export interface Preset {
  /** `env` is what the project and the stage set. */
  test(stage: TestStage, files: ProjectFiles, env: Readonly<Record<string, string>>): Reading<PresetCommands>;
  /** `prepared`: the tests of the same version have run in the same directory before, so dependencies are installed. */
  build(stage: BuildStage, files: ProjectFiles, prepared: boolean): Reading<PresetCommands>;
}
