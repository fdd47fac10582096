import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { KubeClient } from '../../src/tekton/kube-client.ts';
import type { PlaneAddress } from './control-plane.ts';
import { clientFor } from './control-plane.ts';
import type { KubeObject } from './world.ts';

/** The chart, as far as an API server has to know it, in namespaces of its own. */
export interface Installation {
  readonly admin: KubeClient;
  /** Where runs are made. */
  readonly namespace: string;
  /** Where the server would run. */
  readonly home: string;
  /** User name of the service account, as audit logs have it. */
  readonly user: string;
  /** Its token. */
  readonly token: string;
  /** Its Roles as they are now: that of runs in `namespace`, that of leases in `home`. */
  roles(): Promise<readonly KubeObject[]>;
}

/** Where the objects of the chart's golden file are. */
const GOLDEN = { runs: 'ci', home: 'tekton-ci' };
/** What the chart makes of the least values; test/chart holds it against the chart itself. */
const RENDERED = new URL('../chart/cases/minimal/expected.yaml', import.meta.url);

export interface InstallOptions {
  /** Other namespaces for runs, which the settings map repositories to. */
  readonly further?: readonly string[];
}

/** Makes the service account, the Roles and the bindings of the chart. */
export async function install(plane: PlaneAddress, options: InstallOptions = {}): Promise<Installation> {
  const { further = [] } = options;
  const admin = clientFor(plane, 'admin');
  const post = (path: string, body: object): Promise<KubeObject> =>
    admin.request({ method: 'POST', path, body });
  const id = randomBytes(5).toString('hex');
  const [namespace, home] = [`runs-${id}`, `home-${id}`];
  for (const name of [namespace, home, ...further]) await post('/api/v1/namespaces', { metadata: { name } });
  const objects = chartObjects();
  for (const runs of [namespace, ...further]) {
    const places: Readonly<Record<string, string>> = { [GOLDEN.runs]: runs, [GOLDEN.home]: home };
    for (const object of objects) {
      const isOfRuns = object.metadata.namespace === GOLDEN.runs;
      if (runs !== namespace && !isOfRuns) continue;
      const moved = move(object, places);
      await post(pathOfKind(moved), moved);
    }
  }
  const account = objects.find(({ kind }) => kind === 'ServiceAccount')?.metadata.name;
  const { status } = await post(`/api/v1/namespaces/${home}/serviceaccounts/${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  return {
    admin,
    namespace,
    home,
    user: `system:serviceaccount:${home}:${account}`,
    token: status.token,
    async roles() {
      const lists = [namespace, home].map((place) =>
        admin.request({
          method: 'GET',
          path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${place}/roles`,
        }),
      );
      return ((await Promise.all(lists)) as KubeObject[]).flatMap(({ items }) => items);
    },
  };
}

function chartObjects(): KubeObject[] {
  const all = Object.values(load(readFileSync(RENDERED, 'utf8')) as Record<string, KubeObject>);
  return all.filter(({ kind }) => kind in PATHS);
}

/** The same object for other namespaces. */
function move(object: KubeObject, places: Readonly<Record<string, string>>): KubeObject {
  const place = ({ namespace, ...rest }: KubeObject) => ({ ...rest, namespace: places[namespace] });
  return {
    ...object,
    metadata: place(object.metadata),
    ...(object.subjects && { subjects: object.subjects.map(place) }),
  };
}

const PATHS: Readonly<Record<string, string>> = {
  ServiceAccount: '/api/v1/namespaces/{}/serviceaccounts',
  Role: '/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles',
  RoleBinding: '/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings',
};

function pathOfKind({ kind, metadata }: KubeObject): string {
  return (PATHS[kind] ?? '').replace('{}', metadata.namespace);
}

/** A kubeconfig file that reaches a port of loopback with a token. */
export function kubeConfigText(port: number, { token, home }: Pick<Installation, 'token' | 'home'>): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      { name: 'test', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: home } }],
  });
}
