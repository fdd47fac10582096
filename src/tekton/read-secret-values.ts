import type { Log } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import { secretRefs } from '../core/pipeline/secret-refs.ts';
import { secretTexts } from '../core/pipeline/secret-values.ts';
import { cureOf } from './cure.ts';
import { readRun } from './git-secret.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { pathOf, SECRETS } from './resources.ts';
import { field } from './status/fields.ts';

interface Reading {
  readonly client: KubeClient;
  readonly log: Log;
}

/** What the operator's Secrets give the steps of a run, one request for each. One that is gone, or may not be read, is left out: the log says so. */
export async function readSecretValues(
  { client, log }: Reading,
  { name, namespace }: { readonly name: RunName; readonly namespace: string },
): Promise<readonly string[]> {
  const refs = secretRefs(await readRun(client, { name, namespace }));
  const names = [...new Set(refs.map((ref) => ref.name))];
  const read = async (secret: string) => {
    const data = await readSecret(client, namespace, secret).catch((err: unknown) => {
      if (statusOf(err) !== 403) throw err;
      const cure = cureOf(err, SECRETS, namespace);
      log.warn(
        { err, run: name, secret, cure },
        'a secret may not be read, so logs show it when a step prints it',
      );
      return {};
    });
    const given = refs.filter((ref) => ref.name === secret).map(({ key }) => key);
    return Object.entries(data)
      .filter(([key]) => given.includes(null) || given.includes(key))
      .flatMap(([key, value]) => secretTexts(key, value));
  };
  return (await Promise.all(names.map(read))).flat();
}

/** By key; empty when there is no such Secret. */
async function readSecret(
  client: KubeClient,
  namespace: string,
  secret: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    const object = await client.request({ method: 'GET', path: pathOf(SECRETS, namespace, secret) });
    const data = Object.entries(field(object, 'data') ?? {});
    return Object.fromEntries(
      data.map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]),
    );
  } catch (error) {
    if (statusOf(error) === 404) return {};
    throw error;
  }
}
