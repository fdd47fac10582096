import { foreign, foreignList, ours } from '../env.ts';
import { gitSecretEnv, originOf } from '../git-secrets.ts';
import { imageTag } from '../image-tags.ts';
import type { EnvVar } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import { CLONE_SCRIPT } from '../scripts/clone.ts';
import { RESTRICTED } from '../security.ts';
import type { ResultName, StageStep } from '../stage-step.ts';
import { commonEnv, type StepPlace } from '../step-context.ts';
import { pushes } from './image.ts';

/** Name of the task's workspace with the git token; only the clone step sees it. */
export const GIT_CREDENTIALS = 'git-credentials';

/** What a clone step is for besides its own task. */
export interface CloneUse {
  readonly variant?: string;
  /** True in the task whose results are the pipeline's: what is known of the image before it is built is written here. */
  readonly tellsImage?: boolean;
}

/** The step that fetches the exact commit. It alone can read what git logs in with. */
export function renderClone(place: StepPlace, { variant, tellsImage = false }: CloneUse = {}): StageStep {
  const { input } = place;
  const image = tellsImage && pushes(input) ? imageUrl(input) : undefined;
  const secrets = gitSecretEnv(input);
  const folders = secrets.filter(({ name }) => name.startsWith('TEKTON_CI_GIT_FOLDER_'));
  const workspaces = [
    ...(input.source.credentials ? [{ name: GIT_CREDENTIALS }] : []),
    ...folders.map((_folder, index) => ({ name: `git-${index + 1}` })),
  ];
  const results: ResultName[] = image === undefined ? ['commit', 'url'] : ['commit', 'url', 'IMAGE_URL'];
  return {
    stage: 'clone',
    ...(variant === undefined ? {} : { variant }),
    results,
    step: {
      name: 'clone',
      image: input.settings.images.git,
      imagePullPolicy: input.settings.pullPolicy,
      env: [
        ...commonEnv(place),
        ...optionEnv(input),
        ...networkEnv(input),
        ...tokenEnv(input),
        ...secrets,
        ...(image === undefined
          ? []
          : [
              foreign('TEKTON_CI_IMAGE_URL', image),
              ours('TEKTON_CI_IMAGE_RESULT', '$(results.IMAGE_URL.path)'),
            ]),
      ],
      script: CLONE_SCRIPT,
      securityContext: RESTRICTED,
      ...(workspaces.length === 0 ? {} : { workspaces }),
    },
  };
}

function optionEnv({ run, source, settings }: RenderInput): EnvVar[] {
  const { clone } = run.project;
  return [
    ours('GIT_TERMINAL_PROMPT', '0'),
    foreign('TEKTON_CI_URL', source.cloneUrl),
    ours('TEKTON_CI_DEPTH', String(clone.depth)),
    ours('TEKTON_CI_SUBMODULES', String(clone.submodules)),
    ours('TEKTON_CI_LFS', String(clone.lfs)),
    ...(settings.clone.refspec.length === 0 ? [] : foreignList('TEKTON_CI_REFSPEC', settings.clone.refspec)),
  ];
}

/** In both spellings: curl, and so git, reads `http_proxy` in lower case only. */
function networkEnv({ settings }: RenderInput): EnvVar[] {
  const { sslVerify, httpProxy, httpsProxy, noProxy } = settings.clone;
  const proxies = { http_proxy: httpProxy, https_proxy: httpsProxy, no_proxy: noProxy };
  return [
    ...(sslVerify ? [] : [ours('GIT_SSL_NO_VERIFY', 'true')]),
    ...Object.entries(proxies).flatMap(([name, value]) =>
      value === undefined ? [] : [foreign(name, value), foreign(name.toUpperCase(), value)],
    ),
  ];
}

/** The token is for the repository, and for those that the operator lists when the run is trusted. */
function tokenEnv({ run, source, settings }: RenderInput): EnvVar[] {
  if (!source.credentials) return [];
  const origin = originOf(source.cloneUrl);
  const submodules = run.key.trust === 'trusted' ? settings.submodules : [];
  return [
    ours('TEKTON_CI_TOKEN_FILE', `$(workspaces.${GIT_CREDENTIALS}.path)/token`),
    ...(submodules.length === 0
      ? []
      : foreignList(
          'TEKTON_CI_TOKEN_URL',
          submodules.flatMap((name) => [`${origin}/${name}`, `${origin}/${name}.git`]),
        )),
  ];
}

function imageUrl(input: RenderInput): string {
  return `${input.run.project.image?.name}:${imageTag(input)}`;
}
