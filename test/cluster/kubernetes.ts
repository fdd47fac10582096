import { createKubeClient, type Query } from '../../src/tekton/kube-client.ts';
import { loadKubeConfig } from '../../src/tekton/kube-config.ts';
import { statusOf } from '../../src/tekton/kube-error.ts';
import { MERGE_PATCH } from '../../src/tekton/resources.ts';

/** An object of the server; a test reads it field by field, and a wrong path fails the test. */
export type KubeObject = ReturnType<typeof JSON.parse>;

/** The cluster of KUBECONFIG, as its administrator. */
export interface Kubernetes {
  /** `path` is of the collection. */
  make(path: string, object: KubeObject): Promise<KubeObject>;
  /** Null when there is none. */
  read(path: string): Promise<KubeObject>;
  list(path: string, query?: Query): Promise<KubeObject[]>;
  change(path: string, change: KubeObject): Promise<void>;
  /** Content when there is none. */
  remove(path: string, query?: Query): Promise<void>;
}

export function connect(): Kubernetes {
  const client = createKubeClient(loadKubeConfig(), 30_000);
  return {
    make: (path, body) => client.request({ method: 'POST', path, body }),
    read: (path) => client.request({ method: 'GET', path }).catch(nothing),
    async list(path, query = {}) {
      const { items }: KubeObject = await client.request({ method: 'GET', path, query });
      return items;
    },
    async change(path, body) {
      await client.request({ method: 'PATCH', path, contentType: MERGE_PATCH, body });
    },
    async remove(path, query = {}) {
      await client.request({ method: 'DELETE', path, query }).catch(nothing);
    },
  };
}

function nothing(error: unknown): null {
  if (statusOf(error) === 404) return null;
  throw error;
}

/** Resolves with what is found, once it is; rejects at the deadline. */
export async function eventually<Found>(
  what: string,
  find: () => Promise<Found | null | undefined | false>,
  seconds = 60,
): Promise<Found> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = await find();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
