import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import type { KubeClient } from '../../src/tekton/kube-client.ts';
import { PIPELINE_RUNS, pathOf, SECRETS } from '../../src/tekton/resources.ts';
import { describeChecks, startUnsteadyWorld, type UnsteadyWorld } from '../e2e/unsteady-world.ts';
import type { CheckState } from '../github/check-store.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { type ApiProxy, startApiProxy } from './api-proxy.ts';
import type { PlaneAddress } from './control-plane.ts';
import { type Installation, type InstallOptions, install, kubeConfigText } from './install.ts';
import { startKubelet } from './kubelet.ts';
import { type PlayedTekton, playTekton } from './played-tekton.ts';
import { type KubeObject, sharedPlane } from './world.ts';

/** The real server as the chart's service account, a GitHub of ours, a real API server, and a played Tekton. */
export interface AppWorld extends UnsteadyWorld {
  readonly installation: Installation;
  readonly admin: KubeClient;
  readonly proxy: ApiProxy;
  readonly tekton: PlayedTekton;
  /** The PipelineRuns of a repository, or of all. */
  runs(repository?: CreatedRepository): Promise<KubeObject[]>;
  secrets(): Promise<KubeObject[]>;
  /** Resolves with the checks of a commit once they are so. */
  checked(
    pushed: PushedCommit,
    isSo: (checks: readonly CheckState[]) => boolean,
    seconds?: number,
  ): Promise<CheckState[]>;
}

export interface PushedCommit {
  readonly repository: CreatedRepository;
  readonly sha: string;
}

export interface AppWorldOptions extends InstallOptions {
  readonly plane?: PlaneAddress;
  readonly env?: Readonly<Record<string, string>>;
  /** See `startApp`. */
  readonly program?: readonly string[];
  /** Operator settings besides the namespace. */
  readonly settings?: object;
}

export async function startAppWorld(options: AppWorldOptions = {}): Promise<AppWorld> {
  const { plane = sharedPlane(), env = {}, settings = {}, program } = options;
  const installation = await install(plane, options);
  const { admin, namespace } = installation;
  const proxy = await startApiProxy(plane);
  const kubelet = await startKubelet(admin, plane);
  const tekton = playTekton({ admin, namespace, kubelet });
  const files = await mkdtemp(join(tmpdir(), 'tekton-ci-app-'));
  const [kubeConfig, settingsFile] = [join(files, 'kubeconfig'), join(files, 'settings.yml')];
  await writeFile(kubeConfig, kubeConfigText(proxy.port, installation));
  await writeFile(settingsFile, JSON.stringify({ namespace, ...settings }));
  const environment = {
    TEKTON_CI_ENGINE: 'tekton',
    KUBECONFIG: kubeConfig,
    TEKTON_CI_SETTINGS: settingsFile,
    TEKTON_CI_SWEEP_INTERVAL: '1',
    ...env,
  };
  const world = await startUnsteadyWorld(environment, program);
  const list = async (path: string): Promise<KubeObject[]> => {
    const { items } = (await admin.request({ method: 'GET', path })) as KubeObject;
    return items;
  };
  return {
    ...world,
    installation,
    admin,
    proxy,
    tekton,
    async runs(repository) {
      const all = await list(pathOf(PIPELINE_RUNS, namespace));
      if (repository === undefined) return all;
      const fullName = `acme/${repository.name}`;
      return all.filter(({ metadata }) => metadata.annotations[ANNOTATION.repository] === fullName);
    },
    secrets: () => list(pathOf(SECRETS, namespace)),
    async checked({ repository, sha }, isSo, seconds = 30) {
      const checks = () => world.github.checks(repository, sha);
      await world.until(
        () => isSo(checks()),
        () => `${repository.name}: ${describeChecks(checks())}`,
        seconds,
      );
      return checks();
    },
    async close() {
      await world.close();
      await tekton.close();
      await kubelet.close();
      await proxy.close();
      await rm(files, { recursive: true, force: true });
    },
  };
}
