import type { BuildStage, CommandStage, ProjectConfig, TestStage, ToolchainName } from './config.ts';
import { accept, type Reading, refuse } from './finding.ts';
import type { Preset, PresetCommands } from './presets/preset.ts';
import { PRESETS } from './presets/presets.ts';
import { RELEASES } from './releases.ts';
import type { ProjectFiles, ResolvedProject, ResolvedStage, StageImage } from './resolved-project.ts';
import { placeStage } from './stage-place.ts';
import { compareVersions } from './values/version.ts';

type Tests = ResolvedProject['tests'];
type Build = NonNullable<ResolvedProject['build']>;

export interface ResolvedStages<Stages> {
  readonly stages: Stages;
  readonly decisions: readonly string[];
}

/** The test stage once for each version of its toolchain. */
export function resolveTests(
  stage: TestStage,
  project: ProjectConfig,
  files: ProjectFiles,
): Reading<ResolvedStages<Tests>> {
  const place = placeStage({ ...stage, name: 'test' }, project, files);
  if (!place.ok) return place;
  const { toolchain, images, decisions } = place.value;
  const work = commandsOf(stage, toolchain, (preset) =>
    preset.test(stage, files, { ...project.env, ...stage.env }),
  );
  if (!work.ok) return work;
  const { report } = stage;
  const stages = images.map((image) => {
    const variant = images.length > 1 && image.kind === 'toolchain' ? { variant: image.version } : {};
    return { ...variant, image, ...filled(stage, work.value, project), report };
  });
  const { decision } = work.value;
  return accept({ stages, decisions: decision === undefined ? decisions : [...decisions, decision] });
}

/** The build stage; of a list of versions it takes the newest. */
export function resolveBuild(
  stage: BuildStage,
  project: ProjectConfig,
  files: ProjectFiles,
): Reading<ResolvedStages<Build>> {
  const place = placeStage({ ...stage, name: 'build' }, project, files);
  if (!place.ok) return place;
  const { toolchain, images, decisions } = place.value;
  const image = newest(images);
  const prepared = isPrepared(image, project, files);
  const work = commandsOf(stage, toolchain, (preset) => preset.build(stage, files, prepared));
  if (!work.ok) return work;
  const misfit = goKeysElsewhere(stage, toolchain);
  if (misfit !== undefined) return misfit;
  const output = stage.output === undefined ? {} : { output: stage.output };
  const stages = { image, ...filled(stage, work.value, project, goEnv(stage)), ...output };
  return accept({ stages, decisions });
}

function commandsOf(
  { commands, packages }: CommandStage,
  toolchain: ToolchainName | undefined,
  ask: (preset: Preset) => Reading<PresetCommands>,
): Reading<PresetCommands> {
  if (commands !== undefined) return accept({ commands });
  if (toolchain === undefined) {
    return refuse('no-toolchain', '`use` names a container, but nothing says what to run in it', {
      instead: 'add commands under `test:` or `build:`, or a toolchain such as `go: on` for its presets',
    });
  }
  if (toolchain === 'java' && packages !== undefined) {
    return refuse('not-for-toolchain', '`packages` means nothing to the Java preset', {
      instead: 'use `flags`, such as `-pl api -am`, or `commands`',
    });
  }
  return ask(PRESETS[toolchain]);
}

function goKeysElsewhere(
  stage: BuildStage,
  toolchain: ToolchainName | undefined,
): Reading<never> | undefined {
  const key = (['goos', 'goarch', 'cgo'] as const).find((name) => stage[name] !== undefined);
  if (key === undefined || toolchain === undefined || toolchain === 'go') return undefined;
  const message = `\`build.${key}\` is Go's, and this project is built with ${RELEASES[toolchain].title}`;
  return refuse('not-for-toolchain', message, {
    instead: `remove \`${key}\`, or name the toolchain: \`go: on\``,
  });
}

function goEnv({ goos, goarch, cgo }: BuildStage): Record<string, string> {
  return {
    ...(goos !== undefined && { GOOS: goos }),
    ...(goarch !== undefined && { GOARCH: goarch }),
    ...(cgo !== undefined && { CGO_ENABLED: cgo ? '1' : '0' }),
  };
}

/** Variables from the weakest to the strongest: the preset's, the project's, those that keys stand for, the stage's own. */
function filled(
  { env, timeout, resources }: CommandStage,
  work: PresetCommands,
  project: ProjectConfig,
  keys: Readonly<Record<string, string>> = {},
): Omit<ResolvedStage, 'variant' | 'image'> {
  return {
    commands: work.commands,
    env: { ...work.env, ...project.env, ...keys, ...env },
    ...(timeout !== undefined && { timeout }),
    ...(resources !== undefined && { resources }),
  };
}

/** Whether the test preset has installed the dependencies in this very directory before, with the same image. */
function isPrepared(image: StageImage, project: ProjectConfig, files: ProjectFiles): boolean {
  const { test } = project;
  if (test === undefined || test.commands !== undefined) return false;
  const place = placeStage({ ...test, name: 'test' }, project, files);
  const images = place.ok ? place.value.images : [];
  const [only] = images;
  return images.length === 1 && only !== undefined && nameOf(only) === nameOf(image);
}

function newest(images: readonly StageImage[]): StageImage {
  // A place has at least one image.
  return images.reduce((best, image) =>
    compareVersions(versionOf(image), versionOf(best)) > 0 ? image : best,
  );
}

function versionOf(image: StageImage): string {
  return image.kind === 'toolchain' ? image.version : '';
}

function nameOf(image: StageImage): string {
  return image.kind === 'toolchain' ? `${image.toolchain} ${image.version}` : image.reference;
}
