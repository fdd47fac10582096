import { foreign, ours } from '../env.ts';
import type { TaskStep } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import { CLONE_SCRIPT } from '../scripts/clone.ts';
import { commonEnv } from '../step-context.ts';

/** Name of the task's workspace with the git token; only the clone step sees it. */
export const GIT_CREDENTIALS = 'git-credentials';

/** The step that fetches the exact commit. It alone can read the git token. */
export function renderClone(input: RenderInput): TaskStep {
  const { clone } = input.run.project;
  const token = input.source.credentials
    ? [ours('TEKTON_CI_TOKEN_FILE', `$(workspaces.${GIT_CREDENTIALS}.path)/token`)]
    : [];
  return {
    name: 'clone',
    image: input.settings.images.git,
    imagePullPolicy: input.settings.pullPolicy,
    env: [
      ...commonEnv(input),
      ours('GIT_TERMINAL_PROMPT', '0'),
      foreign('TEKTON_CI_URL', input.source.cloneUrl),
      ours('TEKTON_CI_DEPTH', String(clone.depth)),
      ours('TEKTON_CI_SUBMODULES', String(clone.submodules)),
      ours('TEKTON_CI_LFS', String(clone.lfs)),
      ...token,
    ],
    script: CLONE_SCRIPT,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(input.source.credentials ? { workspaces: [{ name: GIT_CREDENTIALS }] } : {}),
  };
}
