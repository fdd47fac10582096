import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

export interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  /** Why they cannot be used; null when they can. */
  readonly missing: string | null;
}

/** What `scripts/build-kube-apiserver.sh` builds. */
const VERSION = '1.36.3';

/** The programs of the folder that `KUBEBUILDER_ASSETS` names, else of our own cache. */
export function findPrograms(): Programs {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = env.KUBEBUILDER_ASSETS ?? join(cache, 'tekton-ci', 'assets', VERSION);
  const etcd = join(folder, 'etcd');
  const apiServer = join(folder, 'kube-apiserver');
  const absent = [etcd, apiServer].filter((program) => !existsSync(program));
  return { etcd, apiServer, missing: absent.length === 0 ? null : `there is no ${absent.join(' nor ')}` };
}
