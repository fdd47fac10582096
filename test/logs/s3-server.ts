import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';

export const S3_KEY = 'access-key';
export const S3_SECRET = 'secret-key';

/** A real S3-compatible server, on a folder of its own. */
export interface S3Server {
  readonly port: number;
  readonly endpoint: string;
  /** Makes a bucket and resolves with its name. */
  bucket(): Promise<string>;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** At the same address, with the same objects. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Where `versitygw` is: on the path, or where `.ci/run` builds it; null when it is not there. */
export function findS3Server(): string | null {
  const built = join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tekton-ci', 'bin');
  const folders = [...(env.PATH ?? '').split(delimiter), built];
  return folders.map((folder) => join(folder, 'versitygw')).find((file) => existsSync(file)) ?? null;
}

export const NO_S3_SERVER =
  'skipped: no versitygw, a real S3-compatible server: go install github.com/versity/versitygw/cmd/versitygw@v1.8.0';

export async function startS3Server(): Promise<S3Server> {
  const program = findS3Server();
  if (program === null) throw new Error(NO_S3_SERVER);
  const root = await mkdtemp(join(tmpdir(), 'tekton-ci-s3-'));
  const [objects, metadata] = [join(root, 'objects'), join(root, 'metadata')];
  await mkdir(objects);
  await mkdir(metadata);
  const port = await freePort();
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = spawn(
      program ?? '',
      ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', metadata, objects],
      {
        stdio: 'ignore',
        env: { PATH: env.PATH, ROOT_ACCESS_KEY: S3_KEY, ROOT_SECRET_KEY: S3_SECRET },
      },
    );
    await untilOpen(port);
  }

  async function kill(): Promise<void> {
    if (child === null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    child = null;
    await exited;
  }

  await start();
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    async bucket() {
      const name = `logs-${randomBytes(4).toString('hex')}`;
      await mkdir(join(objects, name));
      return name;
    },
    kill,
    start,
    async close() {
      await kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function untilOpen(port: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isOpen(port))) {
    if (Date.now() > deadline) throw new Error(`no S3 server on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
