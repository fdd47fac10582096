import type { ResolvedStage, StageImage } from '../../config/resolved-project.ts';
import type { RepositorySettings } from '../../settings/settings.ts';
import { cacheUse } from '../cache.ts';
import { goDuration } from '../duration.ts';
import { foreign, foreignList } from '../env.ts';
import { COMMANDS_SCRIPT, COMMANDS_WITH_REPORTS_SCRIPT } from '../scripts/commands.ts';
import { secretEnv } from '../secrets.ts';
import { UNPRIVILEGED } from '../security.ts';
import type { StageStep } from '../stage-step.ts';
import { commonEnv, type StepPlace } from '../step-context.ts';

/** A `test` or `build` step: the stage's commands in its container, in the project's directory. */
export function renderCommands(
  name: 'test' | 'build',
  stage: ResolvedStage & { readonly report?: readonly string[] },
  place: StepPlace,
): StageStep {
  const { report = [] } = stage;
  const { run, settings } = place.input;
  const { project } = run;
  const cache = cacheUse(stage, place.input);
  return {
    stage: name,
    ...(stage.variant === undefined ? {} : { variant: stage.variant }),
    resources: { ...settings.resources, ...project.resources, ...stage.resources },
    volumes: cache.volumes,
    step: {
      name,
      image: imageOf(stage.image, settings),
      imagePullPolicy: settings.pullPolicy,
      env: [
        ...commonEnv(place),
        foreign('TEKTON_CI_PATH', project.path),
        ...cache.env,
        ...Object.entries({ ...project.env, ...stage.env }).map(([key, value]) => foreign(key, value)),
        ...secretEnv(place.input),
        ...foreignList('TEKTON_CI_COMMAND', stage.commands),
        ...(report.length === 0 ? [] : foreignList('TEKTON_CI_REPORT', report.map(findPattern))),
      ],
      script: report.length === 0 ? COMMANDS_SCRIPT : COMMANDS_WITH_REPORTS_SCRIPT,
      securityContext: UNPRIVILEGED,
      ...(cache.workspaces.length === 0 ? {} : { workspaces: cache.workspaces }),
      ...(cache.volumeMounts.length === 0 ? {} : { volumeMounts: cache.volumeMounts }),
      ...(stage.timeout === undefined ? {} : { timeout: goDuration(stage.timeout) }),
    },
  };
}

/** For `find -path`, whose `*` stands for any number of folders: `**` may also stand for none. */
function findPattern(glob: string): string {
  return glob.replaceAll('**/', '*').replaceAll('**', '*');
}

function imageOf(image: StageImage, settings: RepositorySettings): string {
  if (image.kind === 'reference') return image.reference;
  return settings.images[image.toolchain].replaceAll('{version}', () => image.version);
}
