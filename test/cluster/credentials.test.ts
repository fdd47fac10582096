import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { KubeObject } from './kubernetes.ts';
import { DEPLOYER } from './namespace.ts';
import { imageOf } from './projects.ts';
import { LAYOUTS, startWorld, type World } from './world.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64').replaceAll('=', '');
/** The same pattern, written so that what searches for it does not find itself. */
const hidden = (pattern: string) => pattern.replace(/.$/, '[$&]');

const BASIC = { username: 'reader', password: 'mark-of-basic' };
const REGISTRY = { username: 'pusher', password: 'mark-of-registry' };

/** What credentials look like: ours have a mark, tokens of the stand-in and of Kubernetes a beginning. Also as HTTP and Docker write them. */
const PATTERNS = {
  git: `${hidden('ghs_')}[A-Za-z0-9]+|${hidden(base64('x-access-token:'))}`,
  basic: patternOf(BASIC),
  registry: patternOf(REGISTRY),
  cluster: hidden('eyJhbGciOi'),
  planted: hidden('mark-of-the-test'),
};

function patternOf({ username, password }: typeof BASIC): string {
  return `${hidden(password)}|${hidden(base64(`${username}:${password}`))}`;
}

type Credential = keyof typeof PATTERNS;

const ALL: readonly Credential[] = ['git', 'basic', 'registry', 'cluster', 'planted'];
const everyBut = (own: Credential) => ALL.filter((name) => name !== own);

/**
 * Says where it finds each credential: in every file, of Tekton's folders, the home and the programs too; in the environment and the
 * arguments of every process; in what Tekton's own process has open; with git; and in the places where they usually are. First it
 * leaves something to be found, for a search that finds nothing must be able to find.
 */
function search(place: string, credentials: readonly Credential[]): string {
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

/** What a service has found comes to the test that asks for it; the first question has it search, while the run is at its test. */
const SERVICE = `
nc -l -p 8080 </dev/null >/dev/null
{ printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'; sh /search.sh; } > /tmp/answer
nc -l -p 8081 < /tmp/answer >/dev/null
exec sleep 86400
`;
const ASK = 'curl --silent --retry 60 --retry-delay 1 --retry-connrefused';

/** Makes the image of a service that searches. Resolves with its name. */
async function makeSpy(world: World): Promise<string> {
  const repository = await world.repository('spy');
  const { sha } = await world.github.pushFiles(repository, {
    files: {
      '.tekton-ci.yml': `use: ${world.settings.shell}\ntest: off\nimage: ${imageOf(world, 'spy')}\n`,
      'search.sh': search('service', ALL),
      'service.sh': SERVICE,
      Dockerfile: `FROM ${world.settings.bases.go}\nCOPY search.sh service.sh /\nENTRYPOINT ["sh", "/service.sh"]\n`,
    },
    branch: 'main',
  });
  expect(await world.verdict({ repository, sha })).toMatchObject({ conclusion: 'success' });
  return `${imageOf(world, 'spy')}:${sha}`;
}

function files(world: World, spy: string): Record<string, string> {
  return {
    '.tekton-ci.yml': JSON.stringify({
      use: world.settings.shell,
      services: { spy: { image: spy, ready: 'off' } },
      test: ['sh search-test.sh', `${ASK} http://spy:8080 || true`, `${ASK} http://spy:8081`],
      build: 'sh search-build.sh',
      image: imageOf(world, 'credentials'),
      deploy: { commands: 'sh search-deploy.sh' },
    }),
    'search-test.sh': search('test', ALL),
    'search-build.sh': search('build', ALL),
    // The deploy's own token is its own.
    'search-deploy.sh': search('deploy', everyBut('cluster')),
    // The registry's credential can be read by a RUN, as in every build by kaniko.
    'search-image.sh': search('image', everyBut('registry')),
    Dockerfile: `FROM ${world.settings.bases.go}\nCOPY . /context\nRUN sh /context/search-image.sh\n`,
  };
}

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  let world: World;

  beforeAll(async () => {
    const operator = { git: [{ secret: 'basic', url: 'https://git.example.com' }] };
    world = await startWorld({ layout, operator, given: { dockerconfig: 'registry' } });
    await world.kubernetes.make(world.at('v1/secrets'), {
      metadata: { name: 'basic', annotations: { 'tekton.dev/git-0': 'https://git.example.com' } },
      type: 'kubernetes.io/basic-auth',
      stringData: BASIC,
    });
    const auths = { 'registry.example.com': REGISTRY };
    await world.kubernetes.make(world.at('v1/secrets'), {
      metadata: { name: 'registry' },
      stringData: { 'config.json': JSON.stringify({ auths }) },
    });
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  test('no step and no service can read a credential but its own', async () => {
    const spy = await makeSpy(world);
    const repository = await world.repository('credentials');

    const { sha } = await world.github.pushFiles(repository, { files: files(world, spy), branch: 'main' });
    const check = await world.verdict({ repository, sha }, 400);

    expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
    const log = await world.log(check);
    const places = ['build', 'deploy', 'image', 'service', 'test'];
    expect([...new Set([...log.matchAll(/^@end (\w+)/gm)].map(([, place]) => place))].sort()).toEqual(places);
    const found = [...log.matchAll(/^@has (\w+) (\S+)\.$/gm)].map(([, name, where]) => `${name} in ${where}`);
    expect([...new Set(found)].sort()).toEqual(places.map((place) => `planted in /tmp/planted-by-${place}`));
    expect(await given(world, sha)).toEqual([
      'step-clone: basic',
      'step-clone: token of the repository',
      'step-deploy: token of the cluster',
      'step-image: registry',
    ]);
  });

  test('each has its own: the clone reads a private repository, the image is pushed, the deploy reaches the cluster', async () => {
    const repository = await world.repository('own');
    const read = 'kubectl get serviceaccount "$NAME" --namespace "$NAMESPACE" --output name';
    const { sha } = await world.github.pushFiles(repository, {
      files: {
        '.tekton-ci.yml': `use: ${world.settings.shell}\ntest: echo fine\nimage: ${imageOf(world, 'own')}\nenv: { NAME: ${DEPLOYER} }\ndeploy: { commands: ${JSON.stringify(read)} }\n`,
        Dockerfile: `FROM ${world.settings.bases.go}\n`,
      },
      branch: 'main',
    });

    const check = await world.verdict({ repository, sha });

    expect(check).toMatchObject({ conclusion: 'success', title: expect.stringMatching(/^Succeeded/) });
    expect(await world.log(check)).toContain(`serviceaccount/${DEPLOYER}`);
  });
});

/**
 * Which containers of a commit's tasks are given which secrets, those that Tekton adds included. Its affinity assistant is no task: a pod
 * beside them that runs nothing of a repository, to which Kubernetes gives a token of the run's service account.
 */
async function given({ kubernetes, at }: World, sha: string): Promise<string[]> {
  const labelSelector = `tekton-ci.dev/sha=${sha},tekton.dev/taskRun`;
  const pods = await kubernetes.list(at('v1/pods'), { labelSelector });
  const found = pods.flatMap(({ spec }) => {
    const secrets = new Map(spec.volumes.map((volume: KubeObject) => [volume.name, secretOf(volume)]));
    const containers: KubeObject[] = [...(spec.initContainers ?? []), ...spec.containers];
    return containers.flatMap(({ name, env = [], envFrom = [], volumeMounts = [] }) =>
      [
        ...volumeMounts.map((mount: KubeObject) => secrets.get(mount.name)),
        ...[...env, ...envFrom].map(({ valueFrom, secretRef }) => valueFrom?.secretKeyRef ?? secretRef),
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
