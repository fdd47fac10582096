import type { BuildStage, CommandStage, ProjectConfig, TestStage, ToolchainChoice, ToolchainName } from './config.ts';
import { accept, type Reading, refuse } from './finding.ts';
import type { PresetCommands } from './presets/preset.ts';
import { PRESETS } from './presets/presets.ts';
import type { ProjectFiles, ResolvedProject, ResolvedStage, StageImage } from './resolved-project.ts';
import { CONFIG_FILE } from './toolchain-files.ts';
import { type ChosenVersion, chooseVersion } from './toolchain/choose-version.ts';
import { detectToolchain, SIGN_FILES } from './toolchain/detect-toolchain.ts';
import { wantedVersion } from './toolchain/wanted-version.ts';
import { compareVersions } from './values/version.ts';

export interface StageResolver {
  /** One stage for each version. */
  tests(stage: TestStage): Reading<ResolvedProject['tests']>;
  build(stage: BuildStage): Reading<NonNullable<ResolvedProject['build']>>;
  /** What was decided so far, each once. */
  decisions(): readonly string[];
}

/** Where a stage runs and with which toolchain's preset. */
interface StagePlace {
  readonly toolchain: ToolchainName | undefined;
  /** At least one; several only for toolchain images. */
  readonly images: readonly StageImage[];
}

/** Resolves the stages of one project, gathering the decisions that they share. */
export function createStageResolver(project: ProjectConfig, files: ProjectFiles): StageResolver {
  const decisions = new Set<string>();
  const context: Context = { project, files, decide: (decision) => decisions.add(decision) };
  return {
    tests: (stage) => resolveTests(stage, context),
    build: (stage) => resolveBuild(stage, context),
    decisions: () => [...decisions],
  };
}

interface Context {
  readonly project: ProjectConfig;
  readonly files: ProjectFiles;
  decide(decision: string): void;
}

function resolveTests(stage: TestStage, context: Context): Reading<ResolvedProject['tests']> {
  const place = placeOf(stage, context);
  if (!place.ok) return place;
  const { toolchain, images } = place.value;
  const preset = stage.commands === undefined ? presetOf(toolchain, context, (one) => one.test(stage, context.files)) : own(stage);
  if (!preset.ok) return preset;
  const misfit = misfitOf(stage, toolchain);
  if (misfit !== undefined) return misfit;
  const resolved = { ...resolvedStage(stage, preset.value, context), report: stage.report };
  return accept(
    images.map((image) => ({ ...(images.length > 1 && image.kind === 'toolchain' && { variant: image.version }), image, ...resolved })),
  );
}
