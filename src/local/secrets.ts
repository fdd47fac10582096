import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunCredentials } from '../app/ports.ts';
import type { KeyToPath, PipelineRun } from '../core/pipeline/pipeline-run.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { secretRefs } from '../core/pipeline/secret-refs.ts';
import { secretTexts } from '../core/pipeline/secret-values.ts';
import { InfrastructureError } from './infrastructure-error.ts';
import { removeTree } from './remove-tree.ts';

export interface Secrets {
  /** A key's value for a variable. Rejects with an `InfrastructureError` when there is none. */
  read(name: string, key: string): Promise<string>;
  /** Lays a secret's keys out as files of a new folder, as Kubernetes mounts it. Rejects likewise, unless it is optional. */
  layOut(name: string, directory: string, how?: LayOut): Promise<void>;
  /** Takes in a secret of the run's own, in place of the one with its name. */
  put(secret: OwnSecret): void;
}

export interface LayOut {
  /** Only these keys, at these paths. */
  readonly items?: readonly KeyToPath[] | undefined;
  readonly optional?: boolean | undefined;
  /** Readable by steps of any user, and not only by our own. */
  readonly shared?: boolean;
}

export interface OwnSecret {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/** In the form of the Secret that the tekton engine makes: `<run>-git` with the keys `url` and `token`. */
export function gitSecret(run: RunName, { url, token }: GitCredentials): OwnSecret {
  return { name: `${run}-git`, values: { url, token } };
}

type GitCredentials = NonNullable<RunCredentials['git']>;

type Keys = ReadonlyMap<string, Buffer>;

/**
 * The secrets of a run: its own, which are taken off the disk so that no step finds them there, then the operator's. A secret is
 * a directory with a file a key.
 */
export async function openSecrets(own: string, operators: string): Promise<Secrets> {
  const taken = new Map<string, Keys>();
  for (const name of await namesIn(own)) taken.set(name, await readKeys(join(own, name)));
  await removeTree(own);

  async function find(name: string): Promise<Keys> {
    return taken.get(name) ?? (await readKeys(join(operators, name)));
  }

  async function keysOf(name: string): Promise<Keys> {
    const keys = await find(name);
    if (keys.size === 0) throw missing(`there is no secret ${name}`);
    return keys;
  }

  return {
    async read(name, key) {
      const value = (await keysOf(name)).get(key);
      if (value === undefined) throw missing(`the secret ${name} has no key ${key}`);
      // Node would refuse it too, and print it.
      if (value.includes(0)) throw missing(`the key ${key} of the secret ${name} is not text`);
      return value.toString('utf8');
    },
    async layOut(name, directory, { items, optional = false, shared = false } = {}) {
      const keys = optional ? await find(name) : await keysOf(name);
      const wanted = items ?? [...keys.keys()].map((key) => ({ key, path: key }));
      const absent = wanted.find(({ key }) => !keys.has(key));
      if (absent !== undefined && !optional) throw missing(`the secret ${name} has no key ${absent.key}`);
      await writeKeys(keys, wanted, { directory, shared });
    },
    put({ name, values }) {
      taken.set(name, new Map(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)])));
    },
  };
}

/** What steps of a run get from the operator's secrets, as far as it is there. */
export async function readSecretValues(
  operators: string,
  pipelineRun: PipelineRun,
): Promise<readonly string[]> {
  const values: string[] = [];
  for (const { name, key } of secretRefs(pipelineRun)) {
    for (const [found, value] of await readKeys(join(operators, name)))
      if (key === null || key === found) values.push(...secretTexts(found, value.toString('utf8')));
  }
  return values;
}

async function writeKeys(
  keys: Keys,
  wanted: readonly KeyToPath[],
  { directory, shared }: { readonly directory: string; readonly shared: boolean },
): Promise<void> {
  const modes = shared ? { folder: 0o755, file: 0o444 } : { folder: 0o700, file: 0o400 };
  await mkdir(directory, { mode: modes.folder });
  for (const { key, path } of wanted) {
    const value = keys.get(key);
    if (value === undefined) continue;
    await mkdir(dirname(join(directory, path)), { recursive: true, mode: modes.folder });
    await writeFile(join(directory, path), value, { mode: modes.file });
  }
}

function missing(message: string): InfrastructureError {
  return new InfrastructureError('CreateContainerConfigError', message);
}

async function readKeys(directory: string): Promise<Keys> {
  const keys = new Map<string, Buffer>();
  for (const key of await namesIn(directory)) {
    const value = await readFile(join(directory, key)).catch(ignoreOthers);
    if (value !== null) keys.set(key, value);
  }
  return keys;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory).catch(ignoreOthers)) ?? [];
}

/** Nothing there, or not a file, or not a directory: no secret. Everything else is the disk's fault. */
function ignoreOthers(error: NodeJS.ErrnoException): null {
  if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code ?? '')) return null;
  throw error;
}
