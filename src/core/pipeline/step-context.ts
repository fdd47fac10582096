import { DOLLAR, foreign, ours } from './env.ts';
import type { EnvVar } from './pipeline-run.ts';
import type { RenderInput } from './render-input.ts';

/** Folders are named through the workspace only, so that the same text runs in a pod and on a machine. */
export const CHECKOUT = '$(workspaces.source.path)/checkout';
const HOME = '$(workspaces.source.path)/home';

/** The variables that every command can rely on; those that do not apply are empty, for `set -u`. */
export function commonEnv(input: RenderInput): EnvVar[] {
  const { run, source } = input;
  return [
    DOLLAR,
    ours('CI', 'true'),
    ours('HOME', HOME),
    ours('TEKTON_CI_CHECKOUT', CHECKOUT),
    ours('GIT_CONFIG_COUNT', '1'),
    ours('GIT_CONFIG_KEY_0', 'safe.directory'),
    ours('GIT_CONFIG_VALUE_0', '*'),
    foreign('COMMIT', run.key.sha),
    foreign('BRANCH', source.branch),
    foreign('TAG', source.tag),
    foreign('PULL_REQUEST', source.pullRequest === null ? '' : String(source.pullRequest)),
    foreign('PROJECT', projectTitle(input)),
    foreign('IMAGE', run.project.image?.name ?? ''),
    ours('IMAGE_TAG', ''),
    ours('IMAGE_DIGEST', ''),
    ours('NAMESPACE', ''),
    ours('RELEASE', ''),
  ];
}

function projectTitle({ run, source }: RenderInput): string {
  return run.name === '.' ? (source.repository.split('/').pop() ?? '') : run.name;
}
