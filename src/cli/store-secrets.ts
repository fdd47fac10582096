import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Names of the Secrets that a run on this machine refers to. */
export const LOCAL_SECRETS = { values: 'secrets', kubeconfig: 'kubeconfig' } as const;

export interface SecretsToStore {
  readonly values: ReadonlyMap<string, string>;
  /** Path of a file. */
  readonly kubeconfig: string | undefined;
}

/** Puts secrets where the engine looks for them: `<data>/secrets/<name>/<key>`, readable by this user only. */
export async function storeSecrets(data: string, { values, kubeconfig }: SecretsToStore): Promise<void> {
  if (values.size > 0) {
    const folder = await makeFolder(data, LOCAL_SECRETS.values);
    for (const [name, value] of values) await writeFile(join(folder, name), value, { mode: 0o600 });
  }
  if (kubeconfig !== undefined) {
    const file = join(await makeFolder(data, LOCAL_SECRETS.kubeconfig), 'config');
    await copyFile(kubeconfig, file).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError('kubeconfig-unreadable', `${kubeconfig} cannot be read: ${error.code ?? error}.`);
    });
    await chmod(file, 0o600);
  }
}

export function secretsFolder(data: string): string {
  return join(data, 'secrets');
}

async function makeFolder(data: string, name: string): Promise<string> {
  const folder = join(secretsFolder(data), name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
