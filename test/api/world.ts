import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { ObservedRun } from '../../src/app/ports.ts';
import type { Run } from '../../src/core/pipeline/run.ts';
import { systemClock } from '../../src/local/system-clock.ts';
import type { KubeClient } from '../../src/tekton/kube-client.ts';
import { MERGE_PATCH, OBSERVED, PODS, pathOf, SECRETS } from '../../src/tekton/resources.ts';
import type { ObservedKind } from '../../src/tekton/status/run-record.ts';
import {
  createTektonEngine,
  type TektonEngine,
  type TektonEngineOptions,
} from '../../src/tekton/tekton-engine.ts';
import { createRecordingLog, type RecordingLog } from '../app/fakes/recording-log.ts';
import { clientFor, kubeConfigFor, type PlaneAddress, type User, until } from './control-plane.ts';

/** The control plane that `npm run test:api` started. */
export function sharedPlane(): PlaneAddress {
  const text = process.env.TEKTON_CI_TEST_API;
  if (text === undefined) throw new Error('these tests are run by npm run test:api');
  return JSON.parse(text);
}

/** An object of the server; a test reads it field by field, and a wrong path fails the test. */
export type KubeObject = ReturnType<typeof JSON.parse>;

/** A namespace of its own with our Role in it, as the operator makes it. */
export interface World {
  readonly namespace: string;
  readonly log: RecordingLog;
  readonly admin: KubeClient;
  engine(options?: Partial<TektonEngineOptions> & { readonly user?: User }): TektonEngine;
  /** What the server has; null when it has none. */
  read(kind: ObservedKind | 'Secret', name: string): Promise<KubeObject>;
  /** Makes an object with the labels that Tekton would give it, status included. */
  make(kind: ObservedKind, object: KubeObject): Promise<KubeObject>;
  /** Merges into an object; its status too. */
  change(kind: ObservedKind, name: string, change: KubeObject): Promise<void>;
  delete(kind: ObservedKind, name: string): Promise<void>;
}

const TEMPLATES = new URL('../../charts/tekton-ci/templates/', import.meta.url);

/** Rights in a namespace, as a Role has them. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** `rules` are those of the chart's Role of runs when none are given. */
export async function createWorld(
  plane: PlaneAddress = sharedPlane(),
  rules: readonly Rule[] = rulesOfRole(),
): Promise<World> {
  const namespace = `test-${randomBytes(5).toString('hex')}`;
  const admin = clientFor(plane, 'admin');
  const log = createRecordingLog();
  const post = (path: string, body: object) => admin.request({ method: 'POST', path, body });
  await post('/api/v1/namespaces', { metadata: { name: namespace } });
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await post(`${rbac}/roles`, { metadata: { name: 'runs' }, rules });
  await post(`${rbac}/rolebindings`, {
    metadata: { name: 'runs' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'runs' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'tekton-ci' }],
  });

  async function read(kind: ObservedKind | 'Secret', name: string): Promise<KubeObject> {
    return admin
      .request({ method: 'GET', path: pathOf(resourceOf(kind), namespace, name) })
      .catch(() => null);
  }

  async function change(kind: ObservedKind, name: string, body: KubeObject): Promise<void> {
    const { status, ...rest } = body;
    const patch = (path: string, part: object) =>
      admin.request({ method: 'PATCH', path, contentType: MERGE_PATCH, body: part });
    const path = pathOf(resourceOf(kind), namespace, name);
    if (Object.keys(rest).length > 0) await patch(path, rest);
    if (status !== undefined) await patch(`${path}/status`, { status });
  }

  return {
    namespace,
    log,
    admin,
    engine: ({ user = 'tekton-ci', ...options } = {}) =>
      createTektonEngine({
        kubeConfig: kubeConfigFor(plane, user),
        namespaces: [namespace],
        clock: systemClock,
        log,
        startTimeoutMs: 600_000,
        lookMs: 100,
        ...options,
      }),
    read,
    async make(kind, { status, ...object }) {
      const made = await post(pathOf(resourceOf(kind), namespace), object);
      if (status !== undefined) await change(kind, object.metadata.name, { status });
      return made;
    },
    change,
    async delete(kind, name) {
      const query = { gracePeriodSeconds: 0 };
      await admin.request({ method: 'DELETE', path: pathOf(resourceOf(kind), namespace, name), query });
    },
  };
}

function resourceOf(kind: ObservedKind | 'Secret') {
  return [...OBSERVED, SECRETS].find((resource) => resource.kind === kind) ?? PODS;
}

/** One of the chart's own Roles, without what it has for some settings only: its other rules are plain YAML. */
export function rulesOfRole(
  template: 'role-runs.yaml' | 'role-lease.yaml' = 'role-runs.yaml',
): readonly Rule[] {
  const text = readFileSync(new URL(template, TEMPLATES), 'utf8');
  const [, rules = ''] = /^rules:\n([\s\S]*?)^---$/m.exec(text) ?? [];
  return load(rules.replace(/^ *\{\{- with[\s\S]*?\{\{- end \}\}\n/m, '')) as Rule[];
}

/** A rendered run of the golden files, in a namespace, under a name of its own. */
export function runOf(example: string, namespace: string, name = uniqueName()): Run {
  const file = new URL(`../cases/render/${example}/expected.yaml`, import.meta.url);
  const text = readFileSync(file, 'utf8');
  const rendered = load(text) as KubeObject;
  // Its Secret and its folder of a shared claim are called after it.
  const pipelineRun: KubeObject = JSON.parse(
    JSON.stringify(rendered).replaceAll(rendered.metadata.name, name),
  );
  pipelineRun.metadata.namespace = namespace;
  return {
    name,
    key: keyOf(),
    pipelineRun,
    steps: JSON.parse(pipelineRun.metadata.annotations['tekton-ci.dev/steps']),
  };
}

export function uniqueName(): string {
  return `api-${randomBytes(5).toString('hex')}`;
}

/** The engine goes by the annotation. */
function keyOf(): Run['key'] {
  return {
    repositoryId: 42,
    project: '.',
    sha: '0123456789abcdef0123456789abcdef01234567',
    tag: null,
    purpose: 'publish',
    trust: 'trusted',
    base: null,
    attempt: 1,
  };
}

export const CREDENTIALS = {
  git: { url: 'https://github.com/acme/api.git', token: 'ghs_first', expiresAt: new Date('2030-01-01') },
};

/** All that an engine told while it was watched. */
export interface Watched {
  readonly told: readonly ObservedRun[];
  listed(): boolean;
  /** How often it said that it has told of all. */
  listings(): number;
  last(name: string): ObservedRun | undefined;
  /** Resolves with the run when it is like that. */
  when(name: string, isSo: (run: ObservedRun) => boolean, deadlineMs?: number): Promise<ObservedRun>;
  stop(): Promise<void>;
}

export async function watchEngine(engine: TektonEngine): Promise<Watched> {
  const controller = new AbortController();
  const told: ObservedRun[] = [];
  let listings = 0;
  const ended = engine.watch(
    (run) => told.push(run),
    controller.signal,
    () => {
      listings += 1;
    },
  );
  ended.catch(() => {});
  const last = (name: string) => told.findLast((run) => run.name === name);
  const watched: Watched = {
    told,
    listed: () => listings > 0,
    listings: () => listings,
    last,
    async when(name, isSo, deadlineMs = 20_000) {
      const found = () => {
        const run = last(name);
        return run !== undefined && isSo(run) ? run : undefined;
      };
      await until(
        () => found() !== undefined,
        `${name}, last seen as ${JSON.stringify(last(name))}`,
        deadlineMs,
      );
      return found()!;
    },
    async stop() {
      controller.abort();
      await ended;
    },
  };
  return watched;
}

/** What Tekton writes on whatever belongs to a run. */
export function childOf(run: Run, task: string, name = `${run.name}-${task}`): KubeObject {
  return {
    name,
    labels: {
      ...run.pipelineRun.metadata.labels,
      'app.kubernetes.io/managed-by': 'tekton-pipelines',
      'tekton.dev/pipelineRun': run.name,
      'tekton.dev/pipelineTask': task,
    },
  };
}
