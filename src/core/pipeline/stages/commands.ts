import type { ResolvedStage, StageImage } from '../../config/resolved-project.ts';
import { goDuration } from '../duration.ts';
import { foreign, ours } from '../env.ts';
import type { EnvVar, TaskStep } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import type { RenderSettings } from '../render-settings.ts';
import { COMMANDS_SCRIPT } from '../scripts/commands.ts';
import { commonEnv } from '../step-context.ts';

/** A `test` or `build` step: the stage's commands in its container, in the project's directory. */
export function renderCommands(name: 'test' | 'build', stage: ResolvedStage, input: RenderInput): TaskStep {
  const { project } = input.run;
  return {
    name,
    image: imageOf(stage.image, input.settings),
    imagePullPolicy: input.settings.pullPolicy,
    env: [
      ...commonEnv(input),
      foreign('TEKTON_CI_PATH', project.path),
      ...Object.entries({ ...project.env, ...stage.env }).map(([key, value]) => foreign(key, value)),
      ...commandVariables(stage.commands),
    ],
    script: COMMANDS_SCRIPT,
    securityContext: { allowPrivilegeEscalation: false, seccompProfile: { type: 'RuntimeDefault' } },
    ...(stage.timeout === undefined ? {} : { timeout: goDuration(stage.timeout) }),
  };
}

function commandVariables(commands: readonly string[]): EnvVar[] {
  return [
    ours('TEKTON_CI_COMMANDS', String(commands.length)),
    ...commands.map((command, index) => foreign(`TEKTON_CI_COMMAND_${index + 1}`, command)),
  ];
}

function imageOf(image: StageImage, settings: RenderSettings): string {
  if (image.kind === 'reference') return image.reference;
  return settings.images[image.toolchain].replaceAll('{version}', () => image.version);
}
