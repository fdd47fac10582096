import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { PipelineRun } from '../../src/core/pipeline/pipeline-run.ts';
import { createFakeEngine } from './fake-engine.ts';
import { createRecordingCli, type Finished, type RecordingCliOptions, runCli } from './recording-cli.ts';
import { git, repositoryOf, write } from './temporary-repository.ts';

// Git's processes: slow on a busy machine.
jest.setTimeout(30_000);

const WHOLE = `use: alpine
test: make check
image: ghcr.io/acme/api
deploy:
  - { to: staging, chart: ./helm, namespace: acme, set: { replicas: "2" }, values: [helm/staging.yaml] }
  - { to: production, commands: [./deploy.sh live], approve: true }
`;
const WITH_SERVICES = `${WHOLE}services: [redis, postgres]\n`;
const WITH_SECRETS = `use: alpine\ntest: make check\nsecrets: [NPM_TOKEN, CERTIFICATE]\n`;

describe('run on a machine without containers', () => {
  test('shows what image and deploy would do, and why they are not done; the verdict is that of what ran', async () => {
    const { result, sha } = await run(WHOLE, []);

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toContain('runtime host (neither podman nor docker answers)');
    expect(result.stdout).toContain(`
  clone  ✓ succeeded  1.0 s
  test   ✓ succeeded  1.0 s

image: not done here, it needs containers
  would build ghcr.io/acme/api:${sha}, ghcr.io/acme/api:main from Dockerfile in .

deploy staging: not done here, it needs containers
  would run:
  helm upgrade --install api ./helm --namespace acme --values helm/staging.yaml --set replicas=2

deploy production: not done here, it needs containers
  would wait for an approval, then run:
  ./deploy.sh live

Succeeded in 2.0 s
`);
  });

  test('fails as what ran failed', async () => {
    const engine = createFakeEngine({ test: { exitCode: 3 } });

    const { result } = await run(WHOLE, [], { engine });

    expect(result.exitCode).toBe(1);
    expect(result.stdout).toMatch(/\ntest failed with exit code 3\n$/);
    expect(result.stdout).not.toContain('not done here');
  });

  test('says that nothing is done when there is an image only', async () => {
    const { result, cli } = await run('use: alpine\ntest: off\nimage: ghcr.io/acme/api\n', []);

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(
      /image: not done here, it needs containers\n {2}would build .*\nnothing of it is done here\n$/,
    );
    expect(cli.output.stdout()).not.toContain('▸');
  });

  test.each<[string, string, readonly string[], RegExp]>([
    [
      'image',
      WHOLE,
      ['image'],
      /the stage image would need containers, .* host \(neither podman nor docker answers\): install podman or docker .*, or run the stages before it with "tekton-ci run"/,
    ],
    ['deploy', WHOLE, ['deploy'], /the stage deploy would need containers/],
    [
      'deploy, whatever is said',
      WHOLE,
      ['deploy', '--yes', '--runtime', 'host'],
      /host \(as --runtime says\)/,
    ],
    [
      'deploys',
      WHOLE,
      ['--yes'],
      /deploys need containers, .*, or leave --yes out to see what they would do/,
    ],
    [
      'services',
      WITH_SERVICES,
      [],
      /the services redis, postgres need containers, .*: install podman or docker .*, or start them yourself and say --no-services/,
    ],
    [
      'services of projects',
      `use: alpine\ntest: make\nservices: [redis]\nprojects: { web: {}, docs: { test: off } }\n`,
      ['test'],
      /the services redis of web need/,
    ],
  ])(
    'refuses %s by name, says what to do instead, and runs nothing',
    async (_what, config, argv, message) => {
      const { result, cli } = await run(config, argv);

      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.stderr).toMatch(message);
      expect(cli.opened).toEqual([]);
    },
  );

  test('leaves services to the user when told', async () => {
    const { result } = await run(WITH_SERVICES, ['test', '--no-services']);

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('\nnote: services: left to you, redis, postgres\n');
  });
});

describe('run in containers', () => {
  const podman = { runtime: 'podman' } as const;

  test('says which runtime, and why', async () => {
    const found = await run(WHOLE, ['--list'], podman);
    const chosen = await run(WHOLE, ['--list', '--runtime', 'docker'], podman);

    expect(found.result.stdout).toMatch(
      /^tekton-ci: branch main, [0-9a-f]{7}; runtime podman \(it answers\)\n/,
    );
    expect(chosen.result.stdout).toMatch(/; runtime docker \(as --runtime says\)\n/);
  });

  test('builds the image without pushing it, and only shows deploys', async () => {
    const { result } = await run(WHOLE, ['--list'], podman);
    const { tasks } = await dryRun(WHOLE, []);

    expect(result.stdout).toContain(`this repository: clone → test → image
  runs: asked for
  test: runs
  build: no, the config asks for none
  image: built but not pushed, only the server pushes
  deploy staging: not done without --yes
  deploy production: not done without --yes
`);
    expect(tasks.map(({ name }) => name)).toEqual(['ci']);
    const image = tasks
      .flatMap((task) => ('taskSpec' in task ? task.taskSpec.steps : []))
      .find(({ name }) => name === 'image');
    expect(image?.args).toContain('--no-push');
    expect(image?.args?.join()).not.toContain('--digest-file');
  });

  test('shows what the deploys would do, and does none of them', async () => {
    const engine = createFakeEngine();

    const { result } = await run(WHOLE, ['deploy'], { ...podman, engine });

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain(
      '\ndeploy production: not done without --yes\n  would wait for an approval',
    );
    expect(engine.calls.join()).not.toContain('answer');
  });

  test('deploys with --yes, each at once when it is its turn', async () => {
    const engine = createFakeEngine();
    const argv = ['deploy', '--yes', '--kubeconfig', 'cluster.yaml'];

    const { result, cli } = await run(
      WHOLE,
      argv,
      { ...podman, engine },
      { 'cluster.yaml': 'kind: Config\n' },
    );

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/^ {2}deploy staging {5}✓ succeeded/m);
    expect(engine.calls.filter((call) => call.startsWith('answer'))).toEqual([
      'answer staging: yes',
      'answer production: yes',
    ]);
    expect(cli.opened[0]?.secrets).toEqual({ 'kubeconfig/config': 'kind: Config\n' });
  });

  test.each<[string, readonly string[], RegExp]>([
    [
      'a chart without a cluster',
      ['--yes'],
      /to which cluster do staging go\? Name the file .* --kubeconfig/,
    ],
    ['a cluster that is not there', ['--yes', '--kubeconfig', 'none'], /none cannot be read: ENOENT/],
    [
      'a push that deploys nothing',
      ['deploy', '--ref', 'feature'],
      /would deploy nothing \(deploy staging: no, only runs of the default branch.*; deploy production: no, .*--ref/,
    ],
  ])('refuses %s, and runs nothing', async (_what, argv, message) => {
    const { result, cli } = await run(WHOLE, argv, podman);

    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    expect(cli.opened).toEqual([]);
  });

  test('keeps services, and gives clone steps the repository to read', async () => {
    const { tasks } = await dryRun(WITH_SERVICES, []);
    const { cli } = await run(WITH_SERVICES, [], podman);

    expect(
      tasks
        .flatMap((task) => ('taskSpec' in task ? (task.taskSpec.sidecars ?? []) : []))
        .map(({ name }) => name),
    ).toEqual(['redis', 'postgres']);
    expect(cli.opened[0]?.sources[0]).toMatch(/\/source\.git$/);
  });

  test('renders a task for each stage in the layout of that name', async () => {
    const { tasks } = await dryRun(WHOLE, ['--layout', 'tasks']);

    expect(tasks.map(({ name }) => name)).toEqual(['clone', 'test', 'image']);
  });

  async function dryRun(
    config: string,
    argv: readonly string[],
  ): Promise<PipelineRun['spec']['pipelineSpec']> {
    const { result } = await run(config, ['--dry-run', ...argv], podman);
    return (load(result.stdout) as PipelineRun).spec.pipelineSpec;
  }
});

describe('run with secrets', () => {
  const NPM_TOKEN = 'npm_s3cret';

  test('takes them from the environment, the terminal or a file, and prints none', async () => {
    const argv = ['--secret', 'NPM_TOKEN', '--secret', 'CERTIFICATE=cert.pem'];
    const files = { 'cert.pem': 'one\ntwo\n' };

    const fromEnvironment = await run(WITH_SECRETS, argv, { environment: { NPM_TOKEN } }, files);
    const typed = await run(WITH_SECRETS, argv, { typed: NPM_TOKEN }, files);

    for (const { result, cli } of [fromEnvironment, typed]) {
      expect(result.exitCode).toBe(0);
      expect(cli.opened[0]?.secrets).toEqual({
        'secrets/NPM_TOKEN': NPM_TOKEN,
        'secrets/CERTIFICATE': 'one\ntwo',
      });
      expect(result.stdout + result.stderr).not.toContain(NPM_TOKEN);
    }
    expect(typed.result.stderr).toBe('NPM_TOKEN: ');
  });

  test('keeps none of them with what is kept', async () => {
    const argv = ['--keep', '--secret', 'NPM_TOKEN'];

    const { cli } = await run(WITH_SECRETS, argv, { environment: { NPM_TOKEN } });

    const [{ directory, secrets } = { directory: '', secrets: {} }] = cli.opened;
    expect(Object.keys(secrets)).toEqual(['secrets/NPM_TOKEN']);
    expect(existsSync(directory)).toBe(true);
    expect(existsSync(join(directory, 'secrets'))).toBe(false);
    rmSync(dirname(directory), { recursive: true });
  });

  test('leaves out those that are not given, and says so', async () => {
    const { result, cli } = await run(WITH_SECRETS, ['--secret', 'NPM_TOKEN'], {
      environment: { NPM_TOKEN },
    });

    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('\nnote: secret CERTIFICATE: not given, --secret CERTIFICATE gives it\n');
    expect(cli.opened[0]?.secrets).toEqual({ 'secrets/NPM_TOKEN': NPM_TOKEN });
  });

  test.each<[string, string, RegExp]>([
    [
      'has no value',
      'NPM_TOKEN',
      /the secret NPM_TOKEN has no value: set the environment variable .* --secret NPM_TOKEN=FILE/,
    ],
    [
      'the config does not name',
      'NPM_TOKN',
      /asks for no secret "NPM_TOKN": its `secrets` names NPM_TOKEN, CERTIFICATE/,
    ],
    [
      'is given as a value',
      `NPM_TOKEN=${NPM_TOKEN}`,
      /cannot be read \(ENOENT\): what follows "=" is the name of a file, never the value/,
    ],
  ])('refuses one that %s, never repeats it, and runs nothing', async (_what, secret, message) => {
    const { result, cli } = await run(WITH_SECRETS, ['--secret', secret]);

    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toContain(NPM_TOKEN);
    expect(cli.opened).toEqual([]);
  });
});

interface Ran {
  readonly result: Finished;
  readonly cli: ReturnType<typeof createRecordingCli>;
  /** The commit, abbreviated. */
  readonly sha: string;
}

/** Runs a config that is committed; `files` lie beside it and are ignored by git. */
async function run(
  config: string,
  argv: readonly string[],
  options: RecordingCliOptions = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const { root, sha } = projectOf(config, files);
  const cli = createRecordingCli(root, options);
  return { result: await runCli(cli, 'run', ...argv), cli, sha };
}

interface Project {
  readonly root: string;
  readonly sha: string;
}

const projects = new Map<string, Project>();

/** Made once: a run changes nothing in it. */
function projectOf(config: string, files: Readonly<Record<string, string>>): Project {
  const key = JSON.stringify([config, files]);
  const known = projects.get(key);
  if (known !== undefined) return known;
  const root = repositoryOf({ '.tekton-ci.yml': config, '.gitignore': Object.keys(files).join('\n') });
  git(root, 'remote', 'add', 'origin', 'https://github.com/acme/api.git');
  write(root, files);
  const project = { root, sha: git(root, 'rev-parse', '--short=7', 'HEAD') };
  projects.set(key, project);
  return project;
}
