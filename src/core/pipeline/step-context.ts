import { DOLLAR, foreign, ours } from './env.ts';
import { imageTag } from './image-tags.ts';
import type { EnvVar } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';

/** Where a step is rendered into: its task decides about its folders. */
export interface StepPlace {
  readonly input: RenderInput;
  /** Name of the pipeline task. */
  readonly task: string;
}

/** Folders are named through the workspace only, so that the same text runs in a pod and on a machine. */
const SOURCE = '$(workspaces.source.path)';

/** The repository's root. */
export function checkoutOf({ settings }: RenderInput): string {
  const { subdirectory } = settings.clone;
  return subdirectory === '.' ? `${SOURCE}/checkout` : `${SOURCE}/checkout/${subdirectory}`;
}

/** Each pod has a home of its own, also where pods share the workspace. */
function homeOf({ input, task }: StepPlace): string {
  return input.settings.layout === 'pod' ? `${SOURCE}/home` : `${SOURCE}/home/${task}`;
}

/** What a deploy's commands know besides. */
export interface DeployFacts {
  readonly namespace: string;
  readonly release: string;
  /** The digest of the image, or a reference to the result that holds it. */
  readonly digest: string;
}

/** The variables that every command can rely on; those that do not apply are empty, for `set -u`. */
export function commonEnv(place: StepPlace, deploy?: DeployFacts): EnvVar[] {
  const { run, source } = place.input;
  return [
    DOLLAR,
    ours('CI', 'true'),
    ours('HOME', homeOf(place)),
    ours('TEKTON_CI_CHECKOUT', checkoutOf(place.input)),
    ours('GIT_CONFIG_COUNT', '1'),
    ours('GIT_CONFIG_KEY_0', 'safe.directory'),
    ours('GIT_CONFIG_VALUE_0', '*'),
    foreign('COMMIT', run.key.sha),
    foreign('BRANCH', source.branch),
    foreign('TAG', source.tag),
    foreign('PULL_REQUEST', source.pullRequest === null ? '' : String(source.pullRequest)),
    foreign('PROJECT', projectTitle(place.input)),
    foreign('IMAGE', run.project.image?.name ?? ''),
    foreign('IMAGE_TAG', imageTag(place.input)),
    ours('IMAGE_DIGEST', deploy?.digest ?? ''),
    foreign('NAMESPACE', deploy?.namespace ?? ''),
    foreign('RELEASE', deploy?.release ?? ''),
  ];
}

/** What people call the project: its name, or the repository's when that is one project. */
export function projectTitle({ run, source }: Pick<RenderInput, 'run' | 'source'>): string {
  return run.name === '.' ? (source.repository.split('/').pop() ?? '') : run.name;
}
