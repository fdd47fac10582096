import type { DeployTarget } from '../../config/config.ts';
import { deployAccess } from '../deploy-identity.ts';
import { foreign, foreignList, ours } from '../env.ts';
import { releaseName } from '../names.ts';
import type { EnvVar } from '../pipeline-run.ts';
import type { RenderInput } from '../render-input.ts';
import { COMMANDS_SCRIPT } from '../scripts/commands.ts';
import { HELM_SCRIPT } from '../scripts/helm.ts';
import { secretEnv } from '../secrets.ts';
import { RESTRICTED } from '../security.ts';
import type { StageStep } from '../stage-step.ts';
import { commonEnv, projectTitle, type StepPlace } from '../step-context.ts';
import { deployTimeout, helmTimeout } from '../timeouts.ts';
import { pushes } from './image.ts';

/** The param of a deploy's task with the digest of the image. */
export const DIGEST_PARAM = 'image-digest';

/** The step that deploys to one target: the chart by Helm, or the repository's own commands. It alone can reach the cluster. */
export function renderDeploy(target: DeployTarget, place: StepPlace): StageStep {
  const { input } = place;
  const { settings, run } = input;
  const access = deployAccess(input);
  const digest = pushes(input) ? `$(params.${DIGEST_PARAM})` : '';
  const facts = { ...deployPlace(target, input), digest };
  const work = target.commands === undefined ? chart(target, input) : commands(target.commands, input);
  return {
    stage: 'deploy',
    variant: target.to,
    resources: settings.resources,
    volumes: access.volumes,
    step: {
      name: 'deploy',
      image: settings.images.deploy,
      imagePullPolicy: settings.pullPolicy,
      env: [
        ...commonEnv(place, facts),
        ...access.env,
        foreign('TEKTON_CI_PATH', run.project.path),
        ...work.env,
      ],
      script: work.script,
      securityContext: RESTRICTED,
      ...access.step,
    },
  };
}

/** Where a target's release is, and its name: the config's, else the operator's namespace and the project. */
export function deployPlace(
  { namespace, release }: DeployTarget,
  input: RenderInput,
): { readonly namespace: string; readonly release: string } {
  return {
    namespace: namespace ?? input.settings.namespace,
    release: release ?? releaseName(projectTitle(input)),
  };
}

interface Work {
  readonly env: readonly EnvVar[];
  readonly script: string;
}

function commands(list: readonly string[], input: RenderInput): Work {
  const env = [
    ...Object.entries(input.run.project.env).map(([name, value]) => foreign(name, value)),
    ...secretEnv(input),
    ...foreignList('TEKTON_CI_COMMAND', list),
  ];
  return { env, script: COMMANDS_SCRIPT };
}

function chart(target: DeployTarget, input: RenderInput): Work {
  const settings = Object.entries(target.set).map(
    ([path, value]) => `${path}=${JSON.stringify(typed(value))}`,
  );
  const env = [
    foreign('TEKTON_CI_CHART', target.chart ?? '.'),
    ...foreignList('TEKTON_CI_VALUES_FILE', target.values.map(asListItem)),
    ...foreignList('TEKTON_CI_SETTING', settings),
    ours('TEKTON_CI_PUSHED', String(pushes(input))),
    ours('TEKTON_CI_HELM_TIMEOUT', `${helmTimeout(deployTimeout(target, input))}s`),
  ];
  return { env, script: HELM_SCRIPT };
}

/** As `helm --set` reads a value: whole numbers, `true`, `false` and `null` are those, all else is text. */
function typed(value: string): string | number | boolean | null {
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(value)) return Number(value);
  if (value === 'null') return null;
  return value === 'true' || value === 'false' ? value === 'true' : value;
}

/** Helm reads `--values` as a line of CSV. */
function asListItem(path: string): string {
  return /[",]/.test(path) ? `"./${path.replaceAll('"', '""')}"` : `./${path}`;
}
