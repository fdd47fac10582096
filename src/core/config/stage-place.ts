import type { CommandStage, ProjectConfig, ToolchainChoice, ToolchainName } from './config.ts';
import { accept, type Reading, refuse } from './finding.ts';
import type { ProjectFiles, StageImage } from './resolved-project.ts';
import { chooseVersion } from './toolchain/choose-version.ts';
import { detectToolchain, SIGN_FILES } from './toolchain/detect-toolchain.ts';
import { wantedVersion } from './toolchain/wanted-version.ts';
import { CONFIG_FILE } from './toolchain-files.ts';

/** Where a stage runs, whose presets it has, and why. */
export interface StagePlace {
  readonly toolchain: ToolchainName | undefined;
  /** At least one; several only for a list of versions. */
  readonly images: readonly StageImage[];
  readonly decisions: readonly string[];
}

/** A stage as far as its place goes. */
export interface PlacedStage extends Pick<CommandStage, 'toolchain' | 'commands'> {
  readonly name: 'test' | 'build';
}

/**
 * The stage's own toolchain, then the project's `use`, then the project's toolchain, then the one that its files show.
 * Refuses when there is none of them, and when no known release is what a file asks for.
 */
export function placeStage(
  stage: PlacedStage,
  project: ProjectConfig,
  files: ProjectFiles,
): Reading<StagePlace> {
  const { use } = project;
  if (use !== undefined && (stage.toolchain === undefined || stage.toolchain === 'off')) {
    const preset =
      stage.toolchain === 'off'
        ? undefined
        : (project.toolchain?.name ?? detectToolchain(files, project.excluded)?.name);
    return accept({ toolchain: preset, images: [{ kind: 'reference', reference: use }], decisions: [] });
  }
  const own = stage.toolchain === 'off' ? undefined : stage.toolchain;
  const choice = own ?? project.toolchain ?? detectToolchain(files, project.excluded);
  if (choice === undefined) return nothingFound(stage.commands !== undefined);
  const versions = chooseVersions(choice, files);
  if (!versions.ok) return versions;
  const why = 'decision' in choice ? [choice.decision] : [];
  const which = own === undefined ? '' : `, for ${stage.name}`;
  return accept({
    toolchain: choice.name,
    images: versions.value.images,
    decisions: [...why, ...versions.value.decisions.map((decision) => `${decision}${which}`)],
  });
}

function chooseVersions(
  { name, versions }: ToolchainChoice,
  files: ProjectFiles,
): Reading<Pick<StagePlace, 'images' | 'decisions'>> {
  const images = new Map<string, StageImage>();
  const decisions: string[] = [];
  const wanted = versions === undefined ? [wantedVersion(name, files)] : versions.map(fromConfig);
  for (const want of wanted) {
    const chosen = want.ok ? chooseVersion(name, want.value) : want;
    if (!chosen.ok) return chosen;
    const { version, decision } = chosen.value;
    images.set(version, { kind: 'toolchain', toolchain: name, version });
    decisions.push(decision);
  }
  return accept({ images: [...images.values()], decisions });
}

function fromConfig(text: string) {
  return accept({ text, from: CONFIG_FILE });
}

function nothingFound(hasCommands: boolean): Reading<never> {
  if (hasCommands) {
    return refuse('no-image', 'Nothing says which container the commands run in', {
      instead: 'add `use: <image>`, or a toolchain such as `go: 1.26`',
    });
  }
  return refuse('no-toolchain', 'No toolchain is named and none is found', {
    expected: `one of ${SIGN_FILES.join(', ')} in the project's directory`,
    instead:
      'add a toolchain such as `go: 1.26`, or `use: <image>` and commands under `test:`, or `test: off`',
  });
}
