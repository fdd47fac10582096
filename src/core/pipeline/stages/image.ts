import type { ImageStage } from '../../config/config.ts';
import { pushImage } from '../../plan/push-image.ts';
import { DOLLAR, foreignText, ours } from '../env.ts';
import { below } from '../folders.ts';
import { imageTags } from '../image-tags.ts';
import type { TaskStep, Volume } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import { IMAGE_BUILDER } from '../security.ts';
import type { StageStep } from '../stage-step.ts';
import { checkoutOf, type StepPlace } from '../step-context.ts';

/** Kaniko's own folder, and where it looks for `config.json`. */
const DOCKER_CONFIG = '/kaniko/.docker';

/** Whether the run pushes the image that it builds. */
export function pushes({ run }: RenderInput): boolean {
  const { image } = run.project;
  return image !== undefined && pushImage(image, run.key).push;
}

/**
 * The step that builds the image with kaniko, which needs no daemon and no privileges. It alone can read the registry's credentials,
 * and an untrusted run has none. Kaniko's image has no shell: the digest is a file that it writes itself.
 */
export function renderImage(image: ImageStage, place: StepPlace): StageStep {
  const { input } = place;
  const { settings, run } = input;
  const credentials = registryCredentials(input);
  return {
    stage: 'image',
    resources: { ...settings.resources, ...run.project.resources },
    results: pushes(input) ? ['IMAGE_DIGEST'] : [],
    volumes: credentials.volumes,
    step: {
      name: 'image',
      image: settings.images.kaniko,
      imagePullPolicy: settings.pullPolicy,
      env: [DOLLAR, ours('DOCKER_CONFIG', DOCKER_CONFIG)],
      command: ['/kaniko/executor'],
      args: [
        ...ownFlags(image, input),
        ...image.args.map(foreignText),
        ...settings.kaniko.args.map(foreignText),
      ],
      securityContext: IMAGE_BUILDER,
      ...credentials.step,
    },
  };
}

/** https://github.com/osscontainertools/kaniko#additional-flags */
function ownFlags(image: ImageStage, input: RenderInput): string[] {
  const project = below(checkoutOf(input), input.run.project.path);
  const labels = { source: webAddress(input.source.cloneUrl), revision: input.run.key.sha };
  return [
    `--context=dir://${below(project, image.context)}`,
    `--dockerfile=${below(project, image.dockerfile)}`,
    ...imageTags(input).map((tag) => foreignText(`--destination=${image.name}:${tag}`)),
    ...(pushes(input) ? ['--digest-file=$(results.IMAGE_DIGEST.path)'] : ['--no-push', '--no-push-cache']),
    ...(image.target === undefined ? [] : [foreignText(`--target=${image.target}`)]),
    ...Object.entries(image.buildArgs).map(([name, value]) => foreignText(`--build-arg=${name}=${value}`)),
    ...Object.entries(labels).map(([name, value]) =>
      foreignText(`--label=org.opencontainers.image.${name}=${value}`),
    ),
  ];
}

/** Where people read the source: the address that is cloned, without its ending. */
function webAddress(cloneUrl: string): string {
  return cloneUrl.replace(/\.git$/, '');
}

function registryCredentials({ run, settings }: RenderInput): {
  readonly step: Pick<TaskStep, 'volumeMounts'>;
  readonly volumes: readonly Volume[];
} {
  const { dockerconfig } = settings;
  if (dockerconfig === undefined || run.key.trust !== 'trusted') return { step: {}, volumes: [] };
  const items = [{ key: 'config.json', path: 'config.json' }];
  return {
    step: { volumeMounts: [{ name: 'dockerconfig', mountPath: DOCKER_CONFIG, readOnly: true }] },
    volumes: [{ name: 'dockerconfig', secret: { secretName: dockerconfig, items } }],
  };
}
