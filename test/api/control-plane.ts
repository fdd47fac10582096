import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { createKubeClient, type KubeClient } from '../../src/tekton/kube-client.ts';
import { Http1KubeConfig } from '../../src/tekton/kube-config.ts';
import type { Programs } from './programs.ts';

/** All that a test needs to use a control plane that another process started. */
export interface PlaneAddress {
  readonly port: number;
  /** One line of JSON for each request: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/ */
  readonly auditLog: string;
  /** Folder of the key and the certificate that the API server made for itself. */
  readonly certificates: string;
}

/** A real etcd and kube-apiserver with Tekton's resources, and nothing that acts on them. */
export interface ControlPlane {
  readonly address: PlaneAddress;
  /** Kills the API server, and resolves when it is dead. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Has etcd forget what was before now. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;

export async function startControlPlane(programs: Programs): Promise<ControlPlane> {
  const directory = mkdtempSync(join(tmpdir(), 'tekton-ci-api-'));
  const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const etcd = start(programs.etcd, [
    `--data-dir=${join(directory, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    '--log-level=error',
  ]);
  const address: PlaneAddress = {
    port,
    auditLog: join(directory, 'audit.log'),
    certificates: join(directory, 'certificates'),
  };
  const startServer = () => start(programs.apiServer, serverArguments(directory, { etcdUrl, ...address }));
  writeFiles(directory);
  let server = startServer();
  const admin = clientFor(address, 'admin');
  await until(() => isReady(admin), 'the API server to start');
  await applyResources(admin);

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const dead = once(child, 'exit');
    child.kill('SIGKILL');
    await dead;
  }

  return {
    address,
    kill: () => kill(server),
    async restart() {
      server = startServer();
      await until(() => isServed(admin, '/apis/tekton.dev/v1/pipelineruns'), 'the API server to start again');
    },
    async compact() {
      const post = (path: string, body: object) =>
        fetch(etcdUrl + path, { method: 'POST', body: JSON.stringify(body) });
      const answer = await (await post('/v3/kv/range', { key: 'AA==' })).json();
      const { revision } = (answer as { header: { revision: string } }).header;
      const compacted = await post('/v3/kv/compaction', { revision, physical: true });
      if (!compacted.ok) throw new Error(`etcd did not compact: ${await compacted.text()}`);
    },
    async stop() {
      await kill(server);
      await kill(etcd);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The users that the API server knows: one that may do everything, and the one that tests give our Role to. */
export type User = 'admin' | 'tekton-ci' | 'nobody';

export function kubeConfigFor(address: Pick<PlaneAddress, 'port'>, user: User): KubeConfig {
  return kubeConfigWithToken(address, `token-of-${user}`);
}

export function kubeConfigWithToken({ port }: Pick<PlaneAddress, 'port'>, token: string): KubeConfig {
  const kubeConfig = new Http1KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    { name: 'test', server: `https://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: 'test', token },
  );
  return kubeConfig;
}

export function clientFor(address: Pick<PlaneAddress, 'port'>, user: User): KubeClient {
  return createKubeClient(kubeConfigFor(address, user), 20_000);
}

/** Resolves when the condition holds; rejects at the deadline. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  deadlineMs = START_DEADLINE_MS,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Ends with this process, however that ends in order. */
function start(program: string, parameters: readonly string[]): ChildProcess {
  const child = spawn(program, parameters, { stdio: 'ignore' });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

function serverArguments(directory: string, to: PlaneAddress & { readonly etcdUrl: string }): string[] {
  const key = join(directory, 'service-account.pem');
  return [
    `--etcd-servers=${to.etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${to.port}`,
    `--cert-dir=${to.certificates}`,
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${join(directory, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    // Nothing makes service accounts here.
    '--disable-admission-plugins=ServiceAccount',
    // As OpenShift has it: who names an owner must be allowed to delete what is owned.
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    '--kubelet-preferred-address-types=InternalIP',
    `--audit-policy-file=${join(directory, 'audit.json')}`,
    `--audit-log-path=${to.auditLog}`,
    '--audit-log-mode=blocking',
  ];
}

function writeFiles(directory: string): void {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(directory, 'service-account.pem'), privateKey);
  const users = ['admin,"system:masters"', 'tekton-ci', 'nobody'];
  const rows = users.map((user) => {
    const [name, groups] = user.split(',');
    return [`token-of-${name}`, name, name, ...(groups === undefined ? [] : [groups])].join(',');
  });
  writeFileSync(join(directory, 'tokens.csv'), `${rows.join('\n')}\n`);
  writeFileSync(
    join(directory, 'audit.json'),
    JSON.stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived', 'ResponseStarted'],
      rules: [
        { level: 'Metadata', users: ['tekton-ci'] },
        { level: 'Metadata', userGroups: ['system:serviceaccounts'] },
        { level: 'None' },
      ],
    }),
  );
}

async function isReady(client: KubeClient): Promise<boolean> {
  try {
    await client.request({ method: 'GET', path: '/api/v1/namespaces/default' });
    return true;
  } catch {
    return false;
  }
}

async function applyResources(admin: KubeClient): Promise<void> {
  const file = process.env.TEKTON_CRDS ?? new URL('crds.jsonl', import.meta.url).pathname;
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const body of readDefinitions(readFileSync(file, 'utf8'))) {
    await admin.request({ method: 'POST', path, body });
  }
  for (const resource of [
    'v1/pipelineruns',
    'v1/taskruns',
    'v1/tasks',
    'v1/pipelines',
    'v1beta1/customruns',
  ]) {
    await until(() => isServed(admin, `/apis/tekton.dev/${resource}`), `${resource} to be served`);
  }
}

/** Of a line each, or of one List. */
function readDefinitions(text: string): object[] {
  const lines = text.trim().split('\n');
  return lines.map((line) => JSON.parse(line)).flatMap((object) => object.items ?? [object]);
}

async function isServed(admin: KubeClient, path: string): Promise<boolean> {
  return admin.request({ method: 'GET', path }).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
