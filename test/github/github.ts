import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type NewApp } from './apps.ts';
import { announceCheck, announceSuiteRerun, type CheckEvent } from './check-events.ts';
import { type CheckListener, type CheckState, createCheckStore } from './check-store.ts';
import { createControl } from './control.ts';
import { createDeliveries, type Delivery } from './deliveries.ts';
import { createFaults, type Faults } from './faults.ts';
import { createGitHttp } from './git-http.ts';
import { createGraphql } from './graphql.ts';
import { createIssueStore } from './issue-store.ts';
import { createLimits, type LimitOptions } from './limits.ts';
import { loadDescription } from './openapi.ts';
import { createPullActions, type PullActions } from './pull-actions.ts';
import {
  type CommitOptions,
  type CreatedRepository,
  createRepositories,
  type NewRepository,
  type Pushed,
  type PushOptions,
  type Repositories,
  type RepositoryName,
} from './repositories.ts';
import { type CountOptions, countRequests, type RequestRecord } from './requests.ts';
import { createRest } from './rest.ts';
import { createGitHubServer, type Services } from './server.ts';
import { type App, account, createWorld, type Json } from './world.ts';

export type { CheckState } from './check-store.ts';
export type { Delivery } from './deliveries.ts';
export { type Fault, type Hold, primaryRateLimit, secondaryRateLimit } from './faults.ts';
export type { CreatedRepository, Pushed } from './repositories.ts';
export type { RequestRecord } from './requests.ts';

export interface GitHubOptions {
  readonly now?: () => Date;
  /** Where it listens, and what it calls itself: 127.0.0.1, which containers and pods cannot reach. */
  readonly address?: string;
  readonly port?: number;
  readonly limits?: LimitOptions;
  /** Lets anybody push over HTTP; otherwise only `developer` with its password. */
  readonly anonymousPush?: boolean;
  /** Answers `/_control/` too, for a test in another process. */
  readonly control?: boolean;
  /** How long a webhook is waited for; ten seconds, as GitHub does. */
  readonly deliveryTimeoutMs?: number;
}

export interface CreatedApp {
  readonly appId: number;
  readonly clientId: string;
  readonly slug: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
}

/**
 * A GitHub of one's own on loopback: stateful, strict, and able to fail. It looks like GitHub Enterprise Server: REST
 * below `/api/v3`, GraphQL at `/api/graphql`, git at `/<owner>/<repository>.git`. A test ends by looking that
 * `violations` is empty.
 */
export interface GitHub extends Pick<Faults, 'fail' | 'hold'>, PullActions {
  readonly url: string;
  /** `127.0.0.1:PORT`, as for GHE_HOST. */
  readonly host: string;
  /** Who may push over HTTP. */
  readonly developer: { readonly login: string; readonly password: string };
  createApp(options: NewApp): Promise<CreatedApp>;
  /** Of the first app. */
  setWebhook(url: string, secret?: string): void;
  createRepository(options: NewRepository): Promise<CreatedRepository>;
  /** Makes a commit and no ref: nobody is told. */
  commit(repository: RepositoryName, options: CommitOptions): Promise<string>;
  /** Moves, makes or deletes a ref, and sends what GitHub sends; resolves when that is on its way. */
  push(repository: RepositoryName, options: PushOptions): Promise<Pushed>;
  pushFiles(
    repository: RepositoryName,
    options: CommitOptions & { readonly sender?: string },
  ): Promise<Pushed>;
  head(repository: RepositoryName, branch?: string): Promise<string | null>;
  readonly renameRepository: Repositories['rename'];
  readonly deleteRepository: Repositories['remove'];
  /** Newest last. */
  checks(repository: RepositoryName, sha?: string): CheckState[];
  onCheck(listener: CheckListener): () => void;
  /** Presses Re-run, or the button with that identifier. */
  rerequestCheck(checkId: number, sender?: string): Promise<Delivery | null>;
  pressButton(checkId: number, button: string, sender?: string): Promise<Delivery | null>;
  /** Presses *Re-run all checks* of the first app on a commit. */
  rerequestSuite(repository: RepositoryName, sha: string, sender?: string): Promise<Delivery | null>;
  /** Whether apps may ask GraphQL who has access; not at first, as at GitHub for apps that cannot push. */
  showCollaborators(visible: boolean): void;
  readonly deliveries: readonly Delivery[];
  /** Sends any event to the first app. */
  deliver(event: string, payload: Json, options?: { readonly guid?: string }): Promise<Delivery | null>;
  redeliver(id: number): Promise<Delivery | null>;
  waitForDeliveries(): Promise<void>;
  readonly requests: readonly RequestRecord[];
  countRequests(options?: CountOptions): number;
  resetRequests(): void;
  setLimits(limits: LimitOptions): void;
  /** Where the app, or the stand-in, did not keep to GitHub's own description. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}

/** Starts the stand-in on loopback, with a folder of its own for the repositories. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const { address = '127.0.0.1' } = options;
  const root = await mkdtemp(join(tmpdir(), 'tekton-ci-github-'));
  // The server is there first: everything else names its address.
  const server = createGitHubServer(() => services);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, address, resolve);
  });
  // A server on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const host = `${address}:${port}`;
  const url = `http://${host}`;
  const world = createWorld(url, options.now ?? (() => new Date()));
  const checks = createCheckStore(world);
  const deliveries = createDeliveries(world, options.deliveryTimeoutMs);
  const issues = createIssueStore(world);
  const violations: string[] = [];
  const description = loadDescription();
  const parts = { world, checks, deliveries, issues, description, violations };
  const developer = { login: 'developer', password: randomBytes(12).toString('hex') };
  const repositories = createRepositories(parts, root, developer.login);
  const requests: RequestRecord[] = [];
  const faults = createFaults();
  const limits = createLimits(world, requests, options.limits ?? {});
  const services: Services = {
    world,
    faults,
    limits,
    requests,
    violations,
    rest: createRest(parts),
    graphql: createGraphql(parts),
    control: null,
    git: createGitHttp(parts, { developer, anonymousPush: options.anonymousPush ?? false }),
  };

  function firstApp(): App {
    const [app] = world.apps.values();
    if (app === undefined) throw new Error('there is no app: call createApp first');
    return app;
  }

  async function click(checkId: number, event: CheckEvent): Promise<Delivery | null> {
    const check = checks.runs.get(checkId);
    if (check === undefined) throw new Error(`there is no check ${checkId}`);
    const [delivery = null] = await announceCheck(parts, check, event);
    return delivery;
  }

  const github: GitHub = {
    url,
    host,
    developer,
    requests,
    violations,
    deliveries: deliveries.all,
    fail: faults.fail,
    hold: faults.hold,
    onCheck: checks.onCheck,
    setLimits: limits.set,
    createRepository: repositories.create,
    commit: repositories.commit,
    push: repositories.push,
    head: repositories.head,
    renameRepository: repositories.rename,
    deleteRepository: repositories.remove,
    ...createPullActions(parts, repositories, developer.login),
    async createApp(asked) {
      const { app, privateKey } = await createApp(world, asked);
      const { id: appId, clientId, slug } = app;
      return { appId, clientId, slug, privateKey, webhookSecret: asked.webhookSecret };
    },
    setWebhook(target, secret) {
      const app = firstApp();
      app.webhook = { url: target, secret: secret ?? app.webhook.secret };
    },
    async pushFiles(name, { sender, ...commit }) {
      const sha = await repositories.commit(name, commit);
      const { branch } = commit;
      return await repositories.push(name, { sha, ...(branch && { branch }), ...(sender && { sender }) });
    },
    checks(name, sha) {
      const repository = repositories.find(name);
      const all = [...checks.runs.values()].filter((check) => checks.repositoryOf(check) === repository);
      return sha === undefined ? all : all.filter(({ headSha }) => headSha === sha);
    },
    rerequestCheck: (checkId, sender = developer.login) =>
      click(checkId, { action: 'rerequested', sender: account(world, sender) }),
    pressButton: (checkId, button, sender = developer.login) =>
      click(checkId, { action: 'requested_action', sender: account(world, sender), button }),
    async rerequestSuite(name, sha, sender = developer.login) {
      const repository = repositories.find(name);
      const suites = [...checks.suites.values()];
      const suite = suites.find((one) => one.repository === repository && one.headSha === sha);
      if (suite === undefined) throw new Error(`${sha} has no suite`);
      const [delivery = null] = await announceSuiteRerun(parts, suite, account(world, sender));
      return delivery;
    },
    showCollaborators(visible) {
      world.collaboratorsVisible = visible;
    },
    deliver: (event, payload, { guid } = {}) => deliveries.send(firstApp(), event, payload, guid),
    async redeliver(id) {
      const delivery = deliveries.all.find((one) => one.id === id);
      if (delivery === undefined) throw new Error(`there is no delivery ${id}`);
      return await deliveries.redeliver(delivery);
    },
    waitForDeliveries: deliveries.settled,
    countRequests: (count) => countRequests(requests, count),
    resetRequests() {
      requests.length = 0;
    },
    async close() {
      faults.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await deliveries.close();
      for (const { git } of world.repositories.values()) git.close();
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  if (options.control) services.control = createControl(github);
  return github;
}
