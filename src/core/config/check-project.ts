import type { CommandStage, ProjectConfig } from './config.ts';
import { type Finding, quoted } from './finding.ts';
import type { Path } from './yaml/yaml-node.ts';

/** What contradicts itself in a project once it has inherited; `known` is what is wrong with it already. */
export function checkProject(project: ProjectConfig, path: Path, known: readonly Finding[]): Finding[] {
  // A `use` that could not be read is absent here, which is not for the user to mend twice.
  const isUseUnread = known.some((finding) => finding.path.at(-1) === 'use');
  return [
    ...secretsInEnv(project, path),
    ...versionsWithoutImages(project, path),
    ...(isUseUnread ? [] : stagesWithoutToolchain(project, path)),
  ];
}

/** What contradicts itself between projects. */
export function checkProjects(projects: readonly ProjectConfig[]): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const { name, image } of projects) {
    if (image === undefined || image.push === 'never') continue;
    const owner = owners.get(image.name);
    if (owner === undefined) owners.set(image.name, name);
    else findings.push(sameImage(image.name, name, owner));
  }
  return findings;
}

function sameImage(image: string, name: string, owner: string): Finding {
  return {
    code: 'same-image',
    message: `${quoted(name)} pushes the same image as ${quoted(owner)}: ${quoted(image)}`,
    instead: 'give each project its own `image`, or write `image: off`',
    path: ['projects', name, 'image'],
    at: 'key',
  };
}

function secretsInEnv({ env, secrets }: ProjectConfig, path: Path): Finding[] {
  return secrets
    .filter((name) => Object.hasOwn(env, name))
    .map((name) => ({
      code: 'conflicting-keys',
      message: `${quoted(name)} is a secret and also set in \`env\``,
      instead: 'keep one of the two',
      path: [...path, 'secrets'],
      at: 'key',
    }));
}

function versionsWithoutImages({ use, toolchain }: ProjectConfig, path: Path): Finding[] {
  if (use === undefined || (toolchain?.versions?.length ?? 0) < 2) return [];
  const message = `\`use\` is one image, but ${quoted(toolchain?.name ?? '')} lists several versions`;
  return [
    {
      code: 'conflicting-keys',
      message,
      instead: 'remove `use`, or the list',
      path: [...path, 'use'],
      at: 'key',
    },
  ];
}

function stagesWithoutToolchain(project: ProjectConfig, path: Path): Finding[] {
  const stages: [string, CommandStage | undefined][] = [
    ['test', project.test],
    ['build', project.build],
  ];
  return stages
    .filter(
      ([, stage]) =>
        stage?.toolchain === 'off' && (project.use === undefined || stage.commands === undefined),
    )
    .map(([name]) => ({
      code: 'no-image',
      message: `\`${name}\` has no toolchain, so it needs an image and commands`,
      instead: `add \`use: <image>\` to the project and \`commands\` to \`${name}\``,
      path: [...path, name],
      at: 'key',
    }));
}
