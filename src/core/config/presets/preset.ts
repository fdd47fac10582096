import type { BuildStage, TestStage } from '../config.ts';
import type { Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';

/** What a toolchain runs when a stage says no commands of its own. */
export interface PresetCommands {
  readonly commands: readonly string[];
  /** Variables that the project's and the stage's own `env` override. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A toolchain's presets. Each refuses, with words that say what to add, when the files give it nothing to run. */
export interface Preset {
  test(stage: TestStage, files: ProjectFiles): Reading<PresetCommands>;
  /** `prepared`: the tests of the same version have run in the same directory before, so dependencies are installed. */
  build(stage: BuildStage, files: ProjectFiles, prepared: boolean): Reading<PresetCommands>;
}
