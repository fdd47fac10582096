import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './kubernetes.ts';
import { example, imageOf } from './projects.ts';
import { LAYOUTS, type PushedCommit, startWorld, type World } from './world.ts';

/** A repository for each name, and what its one test does. */
const REPOSITORIES: Readonly<Record<string, (world: World) => Record<string, string>>> = {
  failing: () => ({
    ...example('go'),
    '.tekton-ci.yml': 'test: { flags: [-v] }\n',
    'greet_test.go':
      'package greet\n\nimport "testing"\n\nfunc TestFails(t *testing.T) { t.Fatal("expected 1 to be 2") }\n',
  }),
  slow: shell('sleep 600', 'timeout: 20s\n'),
  superseded: shell('sleep 600'),
  evicted: shell('sleep 600'),
  deleted: shell('echo begun; sleep 30; echo ended'),
  'without-image': ({ settings }) => config(`${settings.registry}/none:1`, 'echo fine'),
  unschedulable: shell('echo fine', 'resources: { cpu: 900 }\n'),
  'without-secret': shell('echo fine', 'secrets: [TOKEN]\n'),
  'without-volume': (world) => shell('echo fine', `image: ${imageOf(world, 'none')}\n`)(world),
  leaking: shell('{ commands: [sh test.sh], report: reports/*.xml }', 'secrets: [PASSWORD]\n', {
    'test.sh':
      'echo "password: $PASSWORD"\nprintf %s "$PASSWORD" | base64\nmkdir reports\n' +
      'cat > reports/unit.xml <<END\n<testsuite><testcase name="opens the door"><failure>$PASSWORD is refused</failure></testcase></testsuite>\nEND\nexit 1\n',
  }),
  greedy: shell('tail /dev/zero', 'resources: { memory: 64Mi }\n'),
};

function shell(test: string, more = '', files = {}): (world: World) => Record<string, string> {
  return ({ settings }) => ({ ...files, ...config(settings.shell, test, more) });
}

function config(image: string, test: string, more = ''): Record<string, string> {
  return { '.tekton-ci.yml': `use: ${image}\ntest: ${test}\n${more}` };
}

const START_TIMEOUT = 45;
const PASSWORD = 'sesame, by 7 doors';

describe.each(LAYOUTS)('in the layout %s, the check', (layout) => {
  let world: World;
  const pushed = new Map<string, PushedCommit>();

  beforeAll(async () => {
    const secrets = {
      TOKEN: { name: 'nobody-made-me', key: 'token' },
      PASSWORD: { name: 'door', key: 'password' },
    };
    const operator = { startTimeout: `${START_TIMEOUT}s`, limits: { total: 50 } };
    const repositories = { 'acme/without-volume': { dockerconfig: 'nobody-made-me-either' } };
    world = await startWorld({ layout, given: { secrets }, operator, repositories });
    await world.kubernetes.make(world.at('v1/secrets'), {
      metadata: { name: 'door' },
      stringData: { password: PASSWORD },
    });
    await Promise.all(
      Object.entries(REPOSITORIES).map(async ([name, files]) => {
        const repository = await world.repository(name);
        const branch = name === 'superseded' ? 'feature' : 'main';
        pushed.set(name, {
          repository,
          ...(await world.github.pushFiles(repository, { files: files(world), branch })),
        });
      }),
    );
  });

  afterAll(async () => {
    expect(world.github.violations).toEqual([]);
    await world.close();
  });

  const commit = (name: string) => pushed.get(name)!;

  /** The pod of a repository's test, once its commands run; not the one named. */
  async function runningPod(name: string, other?: string) {
    const { title } = await world.check(
      commit(name),
      (check) => check.status === 'completed' || /^Running test /.test(check.title ?? ''),
    );
    if (other === undefined) expect(title).toMatch(/^Running test /);
    const selector = `tekton-ci.dev/repository=acme-${name},tekton.dev/pipelineTask=${layout === 'pod' ? 'ci' : 'test'}`;
    return eventually(`the pod of ${name}`, async () => {
      const pods = await world.kubernetes.list(world.at('v1/pods'), { labelSelector: selector });
      return pods.find(({ metadata, status }) => status.phase === 'Running' && metadata.name !== other);
    });
  }

  /** When Tekton began a task of a commit: those before it take their own time. */
  async function begin(sha: string, task: string): Promise<number> {
    const labelSelector = `tekton-ci.dev/sha=${sha},tekton.dev/pipelineTask=${task}`;
    const [taskRun] = await world.kubernetes.list(world.at('tekton.dev/v1/taskruns'), { labelSelector });
    return Date.parse(taskRun.metadata.creationTimestamp);
  }

  test('of a pod that was deleted by force is that of the pod that Tekton makes in its place', async () => {
    const pod = await runningPod('deleted');
    await world.kubernetes.remove(world.at('v1/pods', pod.metadata.name), { gracePeriodSeconds: 0 });

    const check = await world.verdict(commit('deleted'));

    expect(check).toMatchObject({ conclusion: 'success' });
    expect(await world.log(check)).toMatch(/^ended$/m);
  });

  /** Evicts the running pod of that repository's test that is not the one named. Resolves with its name, once Tekton has seen it fail. */
  async function evict(repository: string, other?: string): Promise<string> {
    const pod = await runningPod(repository, other);
    const { name, namespace, labels } = pod.metadata;
    // Tekton would make the pod again if it were gone before Tekton has seen it fail.
    await world.kubernetes.change(world.at('v1/pods', name), {
      metadata: { finalizers: ['tekton-ci.dev/test'] },
    });
    await world.kubernetes.make(`${world.at('v1/pods', name)}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
    });
    const taskRun = world.at('tekton.dev/v1/taskruns', labels['tekton.dev/taskRun']);
    await eventually('Tekton to see it', async () => {
      const { status } = await world.kubernetes.read(taskRun);
      return status.conditions[0].status === 'False';
    });
    await world.kubernetes.change(world.at('v1/pods', name), { metadata: { finalizers: null } });
    return name;
  }

  test('of an evicted pod says so, as infrastructure, and the run is tried again by itself, once', async () => {
    const pod = await evict('evicted');

    const first = await world.verdict(commit('evicted'));
    expect(first).toMatchObject({
      conclusion: 'failure',
      title: 'Infrastructure: the pod was evicted (EvictionByEvictionAPI), tried again',
      summary: expect.stringContaining('by itself'),
    });
    await evict('evicted', pod);

    const second = await world.check(
      commit('evicted'),
      ({ id, status }) => id !== first.id && status === 'completed',
    );
    expect(second).toMatchObject({
      conclusion: 'failure',
      title: 'Infrastructure: the pod was evicted (EvictionByEvictionAPI)',
    });
    expect(world.github.checks(commit('evicted').repository, commit('evicted').sha)).toHaveLength(2);
  });

  test('of a run that a newer commit has superseded is cancelled', async () => {
    const { repository } = commit('superseded');
    await runningPod('superseded');
    const newer = await world.github.pushFiles(repository, {
      files: { '.tekton-ci.yml': `use: ${world.settings.shell}\ntest: echo fine\n` },
      branch: 'feature',
    });

    const check = await world.verdict(commit('superseded'));

    expect(check).toMatchObject({ conclusion: 'cancelled', title: expect.stringContaining('Cancelled by') });
    expect(check.title).toContain(newer.sha.slice(0, 7));
    expect(await world.verdict({ repository, sha: newer.sha })).toMatchObject({ conclusion: 'success' });
  });

  test('of a test that fails names it, with what it wrote', async () => {
    const check = await world.verdict(commit('failing'));

    expect(check).toMatchObject({
      conclusion: 'failure',
      title: expect.stringMatching(/^test failed/),
      summary: expect.stringContaining('expected 1 to be 2'),
    });
  });

  test('of a test that writes a report names what it tells, and no secret that is in it or in the log', async () => {
    const check = await world.verdict(commit('leaking'));

    expect(check).toMatchObject({
      conclusion: 'failure',
      title: 'test failed: opens the door',
      summary: expect.stringContaining('*** is refused'),
    });
    const log = await world.log(check);
    expect(log).toMatch(/^password: \*\*\*$/m);
    for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString('base64')]) {
      expect(JSON.stringify(check)).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
  });

  test('of a test that takes too long is timed out', async () => {
    expect(await world.verdict(commit('slow'))).toMatchObject({
      conclusion: 'timed_out',
      title: expect.stringContaining('took too long'),
    });
  });

  test('of a test that needs too much memory says so', async () => {
    expect(await world.verdict(commit('greedy'))).toMatchObject({
      conclusion: 'failure',
      title: 'test ran out of memory',
    });
  });

  test('of a secret that is not there names it', async () => {
    expect(await world.verdict(commit('without-secret'))).toMatchObject({
      conclusion: 'failure',
      title: 'Infrastructure: a container lacks something (CreateContainerConfigError)',
      summary: expect.stringContaining('nobody-made-me'),
    });
  });

  test.each([
    {
      name: 'without-image',
      stage: 'test',
      what: 'an image that cannot be pulled',
      title: /an image cannot be pulled \(\w+\)/,
      detail: /pulling image/,
    },
    {
      name: 'unschedulable',
      stage: 'test',
      what: 'a pod that no node can take',
      title: /no node can take the pod \((Unschedulable|ExceededNodeResources)\)/,
      detail: /Insufficient cpu/,
    },
    {
      name: 'without-volume',
      stage: 'image',
      what: 'a secret that a volume needs and that is not there',
      title: /a volume is not there \(FailedMount\)/,
      detail: /Secret nobody-made-me-either/,
    },
  ])('of $what says why within seconds, and ends', async ({ name, stage, title, detail }) => {
    const check = await world.verdict(commit(name));

    expect(check).toMatchObject({
      conclusion: 'failure',
      title: expect.stringMatching(new RegExp(`^Infrastructure: ${title.source}`)),
      summary: expect.stringMatching(detail),
    });
    const said = check.history.find((moment) => title.test(moment.title ?? ''))?.at.getTime();
    const from = await begin(commit(name).sha, layout === 'pod' ? 'ci' : stage);
    expect(((said ?? Number.NaN) - from) / 1000).toBeLessThan(START_TIMEOUT);
  });
});
