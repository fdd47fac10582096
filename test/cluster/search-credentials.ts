import type { KubeObject } from './kubernetes.ts';
import type { World } from './world.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64').replaceAll('=', '');
/** The same pattern, written so that what searches for it does not find itself. */
const hidden = (pattern: string) => pattern.replace(/.$/, '[$&]');

const BASIC = { username: 'reader', password: 'mark-of-basic' };
const REGISTRY = { username: 'pusher', password: 'mark-of-registry' };

/** Value of a secret that the config names. */
export const API_KEY = 'mark-of-api-key';

/** What trusted runs leave in their cache, and what strangers would. */
export const KEPT = 'mark-of-the-trusted-cache';
export const POISON = 'mark-of-the-poison';

/** What credentials look like: ours have a mark, tokens of the stand-in and of Kubernetes a beginning. Also as HTTP and Docker write them. */
const PATTERNS = {
  git: `${hidden('ghs_')}[A-Za-z0-9]+|${hidden(base64('x-access-token:'))}`,
  basic: patternOf(BASIC),
  registry: patternOf(REGISTRY),
  cluster: hidden('eyJhbGciOi'),
  secret: hidden(API_KEY),
  planted: hidden('mark-of-the-test'),
  // No credentials, and looked for in the same places: what trusted runs keep in their cache, and what a stranger puts into theirs.
  kept: hidden(KEPT),
  poison: hidden(POISON),
};

function patternOf({ username, password }: typeof BASIC): string {
  return `${hidden(password)}|${hidden(base64(`${username}:${password}`))}`;
}

export type Credential = keyof typeof PATTERNS;

export const ALL: readonly Credential[] = ['git', 'basic', 'registry', 'cluster', 'secret', 'planted'];
export const everyBut = (own: Credential) => ALL.filter((name) => name !== own);

/**
 * Says where it finds each credential: in every file, of Tekton's folders, the home and the programs too; in the environment and the
 * arguments of every process; in what Tekton's own process has open; with git; and in the places where they usually are. First it
 * leaves something to be found, for a search that finds nothing must be able to find.
 */
export function search(place: string, credentials: readonly Credential[]): string {
  const each = (line: (name: Credential, pattern: string) => string) =>
    credentials.map((name) => line(name, PATTERNS[name])).join('\n');
  const any = credentials.map((name) => PATTERNS[name]).join('|');
  return `
printf 'mark-of-%s' the-test > "/tmp/planted-by-${place}"
name_them() {
  while read -r file; do
    ${each((name, pattern) => `if grep -qE '${pattern}' "$file" 2>/dev/null; then echo "@has ${name} $file."; fi`)}
  done
}
find / \\( -path /proc -o -path /sys \\) -prune -o -type f -print0 2>/dev/null | xargs -0 grep -lE '${any}' 2>/dev/null | name_them
for file in /proc/1/fd/* /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do if [ -f "$file" ]; then echo "$file"; fi; done | name_them
env > /tmp/environment-of-${place}
git config --list --show-origin > /tmp/config-of-${place} 2>/dev/null
printf '%s\\n' "url=$(git remote get-url origin 2>/dev/null)" '' | GIT_TERMINAL_PROMPT=0 git credential fill > /tmp/git-of-${place} 2>/dev/null
printf '%s\\n' /tmp/environment-of-${place} /tmp/config-of-${place} /tmp/git-of-${place} | name_them
if git ls-remote origin >/dev/null 2>&1; then echo "@has git remote."; fi
${credentials.includes('cluster') ? 'if ls /var/run/secrets/kubernetes.io /run/secrets/kubernetes.io >/dev/null 2>&1; then echo "@has cluster folder."; fi' : ''}
echo "@end ${place}"
`;
}

/** Makes the Secrets of the operator that `BASIC` and `REGISTRY` are of. */
export async function makeSecrets({ kubernetes, at }: World): Promise<void> {
  await kubernetes.make(at('v1/secrets'), {
    metadata: { name: 'basic', annotations: { 'tekton.dev/git-0': 'https://git.example.com' } },
    type: 'kubernetes.io/basic-auth',
    stringData: BASIC,
  });
  const auths = { 'registry.example.com': REGISTRY };
  await kubernetes.make(at('v1/secrets'), {
    metadata: { name: 'registry' },
    stringData: { 'config.json': JSON.stringify({ auths }) },
  });
}

/** What a search has said: `planted in /tmp/planted-by-test`. */
export function foundIn(log: string): string[] {
  const found = [...log.matchAll(/^@has (\w+) (\S+)\.$/gm)].map(([, name, where]) => `${name} in ${where}`);
  return [...new Set(found)].sort();
}

/** Where searches came to their end. */
export function searchedIn(log: string): string[] {
  return [...new Set([...log.matchAll(/^@end (\S+)$/gm)].map(([, place = '']) => place))].sort();
}

/**
 * Which containers of a commit's tasks are given which secrets, those that Tekton adds included. Its affinity assistant is no task: a pod
 * beside them that runs nothing of a repository, to which Kubernetes gives a token of the run's service account.
 */
export async function given({ kubernetes, at }: World, sha: string): Promise<string[]> {
  const labelSelector = `tekton-ci.dev/sha=${sha},tekton.dev/taskRun`;
  const pods = await kubernetes.list(at('v1/pods'), { labelSelector });
  const found = pods.flatMap(({ spec }) => {
    const secrets = new Map(spec.volumes.map((volume: KubeObject) => [volume.name, secretOf(volume)]));
    const containers: KubeObject[] = [...(spec.initContainers ?? []), ...spec.containers];
    return containers.flatMap(({ name, env = [], envFrom = [], volumeMounts = [] }) =>
      [
        ...volumeMounts.map((mount: KubeObject) => secrets.get(mount.name)),
        ...[...env, ...envFrom].map(
          ({ valueFrom, secretRef }) => (valueFrom?.secretKeyRef ?? secretRef)?.name,
        ),
      ]
        .filter((secret) => secret !== undefined)
        .map((secret) => `${name}: ${secret}`),
    );
  });
  return [...new Set(found)].sort();
}

function secretOf({ secret, projected }: KubeObject): string | undefined {
  if (secret !== undefined) return secret.secretName.replace(/^.*-git$/, 'token of the repository');
  return projected?.sources.some((source: KubeObject) => source.serviceAccountToken ?? source.secret)
    ? 'token of the cluster'
    : undefined;
}
