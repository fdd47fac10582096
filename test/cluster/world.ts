import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { dump } from 'js-yaml';
import type { Layout } from '../../src/core/settings/settings.ts';
import type { CheckState } from '../github/check-store.ts';
import { type CreatedApp, type GitHub, startGitHub } from '../github/github.ts';
import type { CreatedRepository, NewRepository } from '../github/repositories.ts';
import { type RunningApp, startApp } from '../server/start-app.ts';
import { connect, type Kubernetes } from './kubernetes.ts';
import { CLAIM, DEPLOYER, makeNamespace, removeNamespace } from './namespace.ts';
import { type ClusterSettings, readClusterSettings, SERVER_PID } from './settings.ts';

export const LAYOUTS = ['pod', 'tasks'] as const satisfies readonly Layout[];

/** A GitHub of ours that pods reach, the real server on this machine, and a namespace of the real cluster. */
export interface World {
  readonly github: GitHub;
  readonly app: CreatedApp;
  readonly server: RunningApp;
  readonly kubernetes: Kubernetes;
  readonly settings: ClusterSettings;
  readonly namespace: string;
  /** Collection of a kind in the namespace: `v1/pods`, `tekton.dev/v1/taskruns`. */
  at(kind: string, name?: string): string;
  /** A private repository with nothing in it that the app would run. */
  repository(name: string, collaborators?: NewRepository['collaborators']): Promise<CreatedRepository>;
  /** The project's check once it is like that. */
  check(pushed: PushedCommit, isSo: (check: CheckState) => boolean, seconds?: number): Promise<CheckState>;
  /** The project's check once it is completed. */
  verdict(pushed: PushedCommit, seconds?: number): Promise<CheckState>;
  /** Whole logs of all steps, which the page that the check leads to has links to. */
  log(check: CheckState): Promise<string>;
  close(): Promise<void>;
}

export interface PushedCommit {
  readonly repository: CreatedRepository;
  readonly sha: string;
  /** Name of the check. */
  readonly name?: string;
}

export interface WorldOptions {
  readonly layout: Layout;
  /** On top of what the cluster's settings and the namespace ask for. */
  readonly operator?: object;
  /** On top of what every repository of `acme` is given. */
  readonly given?: object;
  /** What single repositories are given instead, by `owner/name`. */
  readonly repositories?: Readonly<Record<string, object>>;
}

/** No test waits longer than this for a run. */
const PATIENCE = 300;

export async function startWorld(options: WorldOptions): Promise<World> {
  const settings = readClusterSettings();
  const kubernetes = connect();
  const namespace = await makeNamespace(kubernetes, settings);
  const data = await mkdtemp(join(env.TEST_CLUSTER_DATA ?? tmpdir(), 'server-'));
  const operator = join(data, 'settings.yml');
  await writeFile(operator, dump(operatorSettings(namespace, settings, options), { noRefs: true }));
  const github = await startGitHub({ address: settings.address });
  const app = await github.createApp({ webhookSecret: 'a webhook secret of the tests' });
  const server = await startApp({
    github,
    app,
    data,
    env: {
      KUBECONFIG: env.KUBECONFIG ?? '',
      TEKTON_CI_ENGINE: 'tekton',
      TEKTON_CI_SETTINGS: operator,
      TEKTON_CI_SWEEP_INTERVAL: '3600',
    },
  });

  await writeFile(join(data, SERVER_PID), String(server.pid));

  const world: World = {
    github,
    app,
    server,
    kubernetes,
    settings,
    namespace,
    at: (kind, name) => collection(kind, namespace) + (name === undefined ? '' : `/${name}`),
    async repository(name, collaborators) {
      const made = { owner: 'acme', name, private: true, ...(collaborators && { collaborators }) };
      const repository = await github.createRepository(made);
      const sha = await github.commit(repository, { files: { 'README.md': name }, message: 'Begin' });
      await (await github.push(repository, { branch: 'main', sha })).delivery;
      return repository;
    },
    check: (pushed, isSo, seconds = PATIENCE) => untilCheck({ github, server, pushed, isSo, seconds }),
    verdict: (pushed, seconds) => world.check(pushed, ({ status }) => status === 'completed', seconds),
    log: ({ detailsUrl }) => readLogs(detailsUrl ?? ''),
    async close() {
      await server.stop();
      await github.close();
      await removeNamespace(kubernetes, namespace);
      await rm(data, { recursive: true, force: true });
    },
  };
  return world;
}

/** What the operator of this cluster would write. */
export function operatorSettings(
  namespace: string,
  { images, kaniko }: ClusterSettings,
  { layout, operator, given, repositories }: WorldOptions,
): object {
  return {
    namespace,
    layout,
    storage: { claim: CLAIM },
    images,
    kaniko: { args: kaniko },
    resources: { cpu: '50m', memory: '1Gi' },
    ...operator,
    repositories: { 'acme/*': { deploy: { serviceAccount: DEPLOYER }, ...given }, ...repositories },
  };
}

/** The page itself cuts long lines and long logs. */
async function readLogs(page: string): Promise<string> {
  const links = (await read(page)).matchAll(/<a href="([^"]*)"[^>]*>Raw log</g);
  const logs = await Promise.all([...links].map(([, link = '']) => read(new URL(link, page).href)));
  return logs.join('\n');
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

function collection(kind: string, namespace: string): string {
  const [group = '', ...rest] = kind.split('/');
  const [version, plural] = rest.length === 1 ? [undefined, rest[0]] : rest;
  const root = version === undefined ? `/api/${group}` : `/apis/${group}/${version}`;
  return `${root}/namespaces/${namespace}/${plural}`;
}

interface Waiting {
  readonly github: GitHub;
  readonly server: RunningApp;
  readonly pushed: PushedCommit;
  readonly isSo: (check: CheckState) => boolean;
  readonly seconds: number;
}

async function untilCheck({ github, server, pushed, isSo, seconds }: Waiting): Promise<CheckState> {
  const { repository, sha, name = 'tekton-ci' } = pushed;
  const all = () => github.checks(repository, sha);
  const found = () => all().find((check) => check.name === name && isSo(check));
  const { promise, resolve, reject } = Promise.withResolvers<CheckState>();
  const look = () => {
    const check = found();
    if (check !== undefined) resolve(check);
  };
  const deadline = setTimeout(() => {
    const seen = all().map(({ history, ...check }) => [check.name, check.status, check.title]);
    reject(new Error(`not within ${seconds} s: ${JSON.stringify(seen)}\n${server.log().slice(-6000)}`));
  }, seconds * 1000);
  const stop = github.onCheck(look);
  look();
  return promise.finally(() => {
    clearTimeout(deadline);
    stop();
  });
}
