import type { ResolvedProject } from '../core/config/resolved-project.ts';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import { type Here, hasContainers } from './here.ts';
import type { RenderedProject } from './render-projects.ts';
import type { RunStage } from './run-options.ts';
import { UsageError } from './usage-error.ts';

/** Throws a `UsageError` when this machine, or the config, cannot do what was asked. */
export function refuseHere(projects: readonly ResolvedProject[], here: Here): void {
  if (here.until !== undefined) refuseMissing(projects, here.until);
  refuseUnknownSecrets(projects, here);
  if (!hasContainers(here)) refuseWithoutContainers(projects, here);
  if (here.deploys) refuseWithoutCluster(projects, here);
}

/** Throws a `UsageError` when deploys were asked for and the push would deploy nothing. */
export function refuseNothingDeployed(rendered: readonly RenderedProject[], { until }: Here): void {
  if (until !== 'deploy' || rendered.some(deploys)) return;
  const reasons = rendered.flatMap(({ name, decisions }) =>
    decisions.flatMap((decision) =>
      /^deploy |; deploy /.test(decision) ? [name === '.' ? decision : `${name}: ${decision}`] : [],
    ),
  );
  throw new UsageError(
    'deploy-not-planned',
    `this push would deploy nothing (${reasons.join('; ')}): --event and --ref say which push is meant.`,
  );
}

function deploys({ run, shown }: RenderedProject): boolean {
  return [...(run?.steps ?? []), ...shown].some(({ stage }) => stage === 'deploy');
}

const CURES: Readonly<Record<RunStage, string>> = {
  test: 'take `test: off` out of',
  build: 'write `build: on` into',
  image: 'write `image: NAME` into',
  deploy: 'write `deploy: CHART` into',
};

function refuseMissing(projects: readonly ResolvedProject[], stage: RunStage): void {
  if (projects.some((project) => stagesOf(project).includes(stage))) return;
  throw new UsageError('stage-off', `there is no ${stage} stage to run: ${CURES[stage]} ${CONFIG_FILE}.`);
}

function stagesOf({ tests, build, image, deploy }: ResolvedProject): RunStage[] {
  return [
    ...(tests.length > 0 ? (['test'] as const) : []),
    ...(build === undefined ? [] : (['build'] as const)),
    ...(image === undefined ? [] : (['image'] as const)),
    ...(deploy.length > 0 ? (['deploy'] as const) : []),
  ];
}

function refuseUnknownSecrets(projects: readonly ResolvedProject[], { secrets }: Here): void {
  const known = new Set(projects.flatMap((project) => project.secrets));
  const unknown = secrets.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  const names = known.size === 0 ? 'names none' : `names ${[...known].join(', ')}`;
  throw new UsageError(
    'secret-unknown',
    `${CONFIG_FILE} asks for no secret "${unknown.name}": its \`secrets\` ${names}.`,
  );
}

const GET_CONTAINERS = 'install podman or docker and start it';

function refuseWithoutContainers(projects: readonly ResolvedProject[], here: Here): void {
  const { until, because, services, deploys } = here;
  const why = `need containers, and the runtime here is host (${because})`;
  if (until === 'image' || until === 'deploy') {
    throw new UsageError(
      'needs-containers',
      `the stage ${until} would ${why}: ${GET_CONTAINERS}, or run the stages before it with "tekton-ci run".`,
    );
  }
  if (deploys && until === undefined && projects.some(({ deploy }) => deploy.length > 0)) {
    throw new UsageError(
      'needs-containers',
      `deploys ${why}: ${GET_CONTAINERS}, or leave --yes out to see what they would do.`,
    );
  }
  const named = services ? projects.flatMap(serviceNames) : [];
  if (named.length === 0) return;
  throw new UsageError(
    'needs-containers',
    `the services ${named.join(', ')} ${why}: ${GET_CONTAINERS}, or start them yourself and say --no-services.`,
  );
}

/** A chart is for a cluster; commands may do without one. */
function refuseWithoutCluster(
  projects: readonly ResolvedProject[],
  { until = 'deploy', kubeconfig }: Here,
): void {
  if (until !== 'deploy' || kubeconfig !== undefined) return;
  const charts = projects.flatMap(({ deploy }) => deploy.filter(({ commands }) => commands === undefined));
  if (charts.length === 0) return;
  throw new UsageError(
    'kubeconfig-missing',
    `to which cluster do ${charts.map(({ to }) => to).join(', ')} go? Name the file that says so, as in ` +
      '--kubeconfig ~/.kube/config.',
  );
}

function serviceNames({ name, services, tests, build }: ResolvedProject): string[] {
  if (tests.length === 0 && build === undefined) return [];
  return services.map((service) => (name === '.' ? service.name : `${service.name} of ${name}`));
}
