import { beforeEach, describe, expect, test } from '@jest/globals';
import { createEventHandler } from '../../../src/app/events/handle-event.ts';
import { RunConflictError } from '../../../src/app/ports.ts';
import { readNotes } from '../../../src/app/runs/run-notes.ts';
import { ANNOTATION } from '../../../src/core/pipeline/annotations.ts';
import type { PushEvent } from '../../../src/core/plan/event.ts';
import { UserError } from '../../../src/core/user-error.ts';
import { BEFORE, pushEvent, REPOSITORY, SHA } from '../../core/plan/examples.ts';
import { TOKEN } from '../fakes/fake-repositories.ts';
import { startPush } from '../fakes/start-push.ts';
import { createWorld, startProcess, type World } from '../fakes/world.ts';

const SINGLE = { '.tekton-ci.yml': 'node: 24\ntest: npm test\n' };
const MONOREPO = {
  '.tekton-ci.yml': `
node: 24
test: npm test
projects:
  api:
  web:
    watch: [libs/**]
`,
};
const FEATURE = { ref: { kind: 'branch', name: 'feature' } } as const;
const TAG = { ref: { kind: 'tag', name: 'v1.2.0' }, before: null } as const;

let world: World;

beforeEach(() => {
  world = createWorld();
});

function push(files: Readonly<Record<string, string>>, change: Partial<PushEvent> = {}): Promise<void> {
  world.repositories.commit(SHA, files, pushEvent(change).message);
  return startPush(world, pushEvent(change));
}

/** The projects that run, by their names. */
function started(): readonly string[] {
  return world.engine.submitted.map(({ run }) => run.key.project);
}

function earlier(name: string, conclusion: 'success' | 'failure' | 'skipped'): Promise<number> {
  return world.checks.create(REPOSITORY, {
    name,
    headSha: BEFORE,
    externalId: name,
    detailsUrl: '',
    status: 'completed',
    conclusion,
    output: { title: '', summary: '', annotations: [] },
  });
}

/** The requests that the push itself made. */
async function requestsOf(act: () => Promise<void>): Promise<readonly string[]> {
  const before = world.checks.requests.length;
  await act();
  return [...world.repositories.requests, ...world.checks.requests.slice(before)];
}

describe('a push to a repository that is one project', () => {
  test('starts one run, with one read and one token', async () => {
    expect(await requestsOf(() => push(SINGLE))).toEqual(['snapshot', 'cloneToken']);

    const [submission] = world.engine.submitted;
    expect(world.engine.submitted).toHaveLength(1);
    expect(submission?.run.key).toMatchObject({
      project: '.',
      sha: SHA,
      purpose: 'publish',
      tag: null,
      attempt: 1,
    });
    expect(submission?.credentials.git).toMatchObject({ url: REPOSITORY.cloneUrl, token: TOKEN });
    expect([...world.secrets.values()]).toContain(TOKEN);
  });

  test('writes on the run everything that following it needs', async () => {
    await push(SINGLE);

    const [run] = world.engine.runs.values();
    expect(readNotes(run!)).toEqual({
      repository: REPOSITORY,
      sha: SHA,
      ref: { kind: 'branch', name: 'main' },
      author: null,
      project: '.',
      folder: '.',
      attempt: 1,
      checkName: 'tekton-ci',
      decisions: [
        'runs: every push tests the repository',
        expect.stringContaining('24'),
        'test: runs',
        'build: no, the config asks for none',
      ],
      gate: null,
      purpose: 'publish',
      trust: 'trusted',
      receivedAt: world.clock.now().toISOString(),
      pushedAt: world.clock.now().toISOString(),
      before: BEFORE,
      targets: [],
    });
    expect(run?.annotations[ANNOTATION.title]).toBe('feat: answer faster');
  });

  test('of a branch verifies, of a tag publishes under a name of its own', async () => {
    await push(SINGLE, FEATURE);
    await push(SINGLE, TAG);

    const [branch, tag] = world.engine.submitted.map(({ run }) => run);
    expect(branch?.key).toMatchObject({ purpose: 'verify', tag: null });
    expect(tag?.key).toMatchObject({ purpose: 'publish', tag: 'v1.2.0' });
    expect(tag?.name).not.toBe(branch?.name);
    expect(readNotes(world.engine.runs.get(tag!.name)!)?.checkName).toBe('tekton-ci (tag v1.2.0)');
    expect(tag?.pipelineRun.metadata.annotations).toMatchObject({
      [ANNOTATION.branch]: '',
      [ANNOTATION.tag]: 'v1.2.0',
    });
  });

  test('a title is shortened by characters, never by half of one', async () => {
    await push(SINGLE, { message: `${'😀'.repeat(300)}\nmore` });

    const [run] = world.engine.runs.values();
    expect(run?.annotations[ANNOTATION.title]).toBe('😀'.repeat(200));
  });
});

describe('a push that needs no run', () => {
  test('of a commit without a config does nothing at all', async () => {
    expect(await requestsOf(() => push({ 'README.md': '' }))).toEqual(['snapshot']);
    expect(world.engine.submitted).toEqual([]);
    expect(world.logStore.reports.size).toBe(0);
  });

  test.each([
    ['that deletes a branch', { sha: null }],
    ["of a merge queue's branch", { ref: { kind: 'branch', name: 'gh-readonly-queue/main/pr-1' } }],
  ] as const)('%s reads nothing', async (_name, change) => {
    expect(await requestsOf(() => push(SINGLE, change))).toEqual([]);
    expect(world.engine.submitted).toEqual([]);
  });

  test('with a skip mark ends as skipped, with the reason', async () => {
    await push(SINGLE, { message: 'docs: typo [skip ci]' });

    expect(world.engine.submitted).toEqual([]);
    expect(world.checks.stored).toMatchObject([
      {
        name: 'tekton-ci',
        headSha: SHA,
        status: 'completed',
        conclusion: 'skipped',
        completedAt: world.clock.now(),
        output: { title: 'Skipped', summary: "the commit's message says \\[skip ci\\]" },
      },
    ]);
  });

  test('with nothing to test ends as skipped', async () => {
    await push({ '.tekton-ci.yml': 'node: 24\ntest: off\n' });

    expect(world.checks.stored).toMatchObject([
      { conclusion: 'skipped', output: { summary: 'skipped: test is off and there is no build' } },
    ]);
  });
});

describe('an invalid config', () => {
  const INVALID = { '.tekton-ci.yml': 'node: 24\ntset: npm test\ntimeout: soon\n' };

  test('is one check with every problem on its line, and a page', async () => {
    await push(INVALID);

    expect(world.engine.submitted).toEqual([]);
    expect(world.checks.stored).toMatchObject([
      {
        name: 'tekton-ci',
        status: 'completed',
        conclusion: 'failure',
        output: {
          title: '.tekton-ci.yml has 2 problems',
          annotations: [{ startLine: 2 }, { startLine: 3 }],
        },
      },
    ]);
    const [{ externalId, detailsUrl } = { externalId: '', detailsUrl: '' }] = world.checks.stored;
    expect(detailsUrl).toBe(`https://ci.example.com/runs/${externalId}`);
    expect(world.logStore.reports.get(externalId)?.summary).toContain('.tekton-ci.yml:2:1:');
  });

  test('delivered again adds nothing', async () => {
    await push(INVALID);
    await push(INVALID);

    expect(world.checks.requests).toEqual(['list', 'create', 'list']);
  });

  test('whose check was made although the answer was lost is found by the next delivery', async () => {
    world.checks.failNext('create', new Error('socket hang up'), { done: true });

    await expect(push(INVALID)).rejects.toThrow('socket hang up');
    await push(INVALID);

    expect(world.checks.stored).toHaveLength(1);
  });

  test('is told even when only the files of a project show it', async () => {
    await push({ '.tekton-ci.yml': 'projects:\n  api:\n  web: { node: 24, test: npm test }\n' }, TAG);

    expect(world.engine.submitted).toEqual([]);
    expect(world.checks.stored).toMatchObject([
      {
        name: 'tekton-ci (tag v1.2.0)',
        conclusion: 'failure',
        output: { annotations: [{ title: 'projects.api' }] },
      },
    ]);
  });

  test('comes before a skip mark', async () => {
    await push(INVALID, { message: '[skip ci]' });

    expect(world.checks.stored).toMatchObject([{ conclusion: 'failure' }]);
  });
});

describe('a push to a repository of several projects', () => {
  test('runs those that the push to the default branch touched', async () => {
    world.repositories.changed(BEFORE, SHA, ['libs/log.js']);
    await earlier('tekton-ci', 'success');

    expect(await requestsOf(() => push(MONOREPO))).toEqual([
      'snapshot',
      'changedFiles',
      'projectFiles',
      'cloneToken',
      'list',
    ]);

    expect(started()).toEqual(['web']);
    const [run] = world.engine.runs.values();
    expect(readNotes(run!)).toMatchObject({
      checkName: 'tekton-ci / web',
      gate: {
        checkName: 'tekton-ci',
        keeper: run!.name,
        members: [
          { project: 'api', skipped: 'skipped: no file under api/ changed (1 file since fedcba9)' },
          { project: 'web', run: run!.name },
        ],
      },
    });
  });

  test('runs those that were not green before, whatever changed', async () => {
    world.repositories.changed(BEFORE, SHA, ['README.md']);
    await earlier('tekton-ci', 'failure');
    await earlier('tekton-ci / api', 'failure');
    await earlier('tekton-ci / web', 'success');

    await push(MONOREPO);

    expect(started()).toEqual(['api']);
  });

  test('runs all after a commit that asked for no checks, which hides what was red before it', async () => {
    world.repositories.commit(BEFORE, MONOREPO, 'docs: typo [skip ci]');
    world.repositories.changed(BEFORE, SHA, ['web/index.js']);
    await earlier('tekton-ci', 'skipped');

    await push(MONOREPO);

    expect(started()).toEqual(['api', 'web']);
  });

  test('runs what was touched after a commit that touched nothing', async () => {
    world.repositories.commit(BEFORE, MONOREPO, 'docs: typo');
    world.repositories.changed(BEFORE, SHA, ['web/index.js']);
    await earlier('tekton-ci', 'skipped');

    await push(MONOREPO);

    expect(started()).toEqual(['web']);
  });

  test('runs all when nothing is known of the commit before', async () => {
    world.repositories.changed(BEFORE, SHA, ['README.md']);

    await push(MONOREPO);

    expect(started()).toEqual(['api', 'web']);
  });

  test.each<[string, Partial<PushEvent>]>([
    ['a new default branch', { before: null }],
    ['a forced push', { forced: true }],
    ['a tag', TAG],
  ])('runs all for %s, without asking what changed', async (_name, change) => {
    expect(await requestsOf(() => push(MONOREPO, change))).toEqual([
      'snapshot',
      'projectFiles',
      'cloneToken',
    ]);
    expect(started()).toEqual(['api', 'web']);
  });

  test('compares another branch with the default branch, and asks for no earlier checks', async () => {
    world.repositories.changed('main', SHA, ['api/index.js']);

    expect(await requestsOf(() => push(MONOREPO, { ...FEATURE, forced: true }))).toEqual([
      'snapshot',
      'changedFiles',
      'projectFiles',
      'cloneToken',
    ]);
    expect(started()).toEqual(['api']);
  });

  test('runs all when GitHub cannot say what changed, and says so', async () => {
    world.repositories.changed('main', SHA, [], false);

    await push(MONOREPO, FEATURE);

    expect(started()).toEqual(['api', 'web']);
    const [run] = world.engine.runs.values();
    expect(readNotes(run!)?.decisions[0]).toBe('runs: GitHub cannot list all that changed since main');
  });

  test('none of which is touched ends as one skipped gate', async () => {
    world.repositories.changed('main', SHA, ['README.md']);

    await push(MONOREPO, FEATURE);

    expect(world.engine.submitted).toEqual([]);
    expect(world.checks.stored).toMatchObject([
      { name: 'tekton-ci', status: 'completed', conclusion: 'skipped', output: { title: 'Nothing to run' } },
    ]);
    expect(world.checks.stored[0]?.output.summary).toContain('no file under api/ changed');
  });

  test('reads a project at the root from what it has read already', async () => {
    const files = { '.tekton-ci.yml': 'projects:\n  all: { path: ., node: 24, test: npm test }\n' };

    expect(await requestsOf(() => push(files, TAG))).toEqual(['snapshot', 'cloneToken']);
  });
});

describe('when something is out of order', () => {
  test('an outage of GitHub rejects, so that it delivers again', async () => {
    world.repositories.failNext(new Error('502'));

    await expect(push(SINGLE)).rejects.toThrow('502');
    expect(world.checks.stored).toEqual([]);
  });

  test('a run whose name is taken rejects', async () => {
    world.engine.failNext('submit', new RunConflictError('taken'));

    await expect(push(SINGLE)).rejects.toThrow('taken');
  });

  test('what a person can mend is a failed check that says how', async () => {
    world.repositories.failNext(
      new UserError('config-is-symlink', '.tekton-ci.yml is a symlink: make it a file'),
    );

    await push(SINGLE);

    expect(world.checks.stored).toMatchObject([
      {
        conclusion: 'failure',
        output: {
          title: 'This commit cannot be run',
          summary: '.tekton-ci.yml is a symlink: make it a file',
        },
      },
    ]);
  });

  test('a project that cannot be rendered stops all of them, and is told', async () => {
    const test = `: ${'$'.repeat(8000)}`;
    const config = `projects:\n  api: { use: alpine, test: make }\n  web: { use: alpine, test: "${test}" }\n`;

    await push({ '.tekton-ci.yml': config }, TAG);

    expect(world.engine.submitted).toEqual([]);
    expect(world.checks.stored).toMatchObject([{ conclusion: 'failure', name: 'tekton-ci (tag v1.2.0)' }]);
    expect(world.checks.stored[0]?.output.summary).toContain(
      'Too large: command 1 of test, 149 KiB of at most 120 KiB',
    );
  });

  test('a project that the engine refuses stops all of them, so that the gate has one check', async () => {
    world.engine.refuse('web', new UserError('unsupported-by-runtime', 'web needs containers'));
    const { stop } = await startProcess(world);

    await push(MONOREPO, TAG);
    await stop();

    expect(world.engine.submitted).toEqual([]);
    expect(world.checks.stored).toMatchObject([
      { name: 'tekton-ci (tag v1.2.0)', conclusion: 'failure', output: { summary: 'web needs containers' } },
    ]);
  });
});

describe('deliveries', () => {
  test('of one event twice at once are one run', async () => {
    world.repositories.commit(SHA, SINGLE);
    const handle = createEventHandler(world);

    await Promise.all([handle(pushEvent()), handle(pushEvent())]);

    expect(world.engine.submitted).toHaveLength(1);
    expect(world.repositories.requests).toEqual(['snapshot', 'cloneToken']);
  });

  test('of one commit under two ids follow each other, and are one run', async () => {
    world.repositories.commit(SHA, SINGLE);
    const handle = createEventHandler(world);

    await Promise.all([handle(pushEvent()), handle(pushEvent({ deliveryId: 'delivery-2' }))]);

    expect(world.engine.submitted).toHaveLength(1);
    expect(world.repositories.requests).toEqual(['snapshot', 'cloneToken', 'snapshot', 'cloneToken']);
  });

  test('of an invalid config under two ids are one check', async () => {
    world.repositories.commit(SHA, { '.tekton-ci.yml': 'tset: 1' });
    const handle = createEventHandler(world);

    await Promise.all([handle(pushEvent()), handle(pushEvent({ deliveryId: 'delivery-2' }))]);

    expect(world.checks.stored).toHaveLength(1);
  });

  test('of an invalid config to two servers at once are completed checks of the same words, and no third', async () => {
    world.repositories.commit(SHA, { '.tekton-ci.yml': 'tset: 1' });
    const [one, other] = [createEventHandler(world), createEventHandler(world)];

    await Promise.all([one(pushEvent()), other(pushEvent({ deliveryId: 'delivery-2' }))]);
    await one(pushEvent({ deliveryId: 'delivery-3' }));

    expect(world.checks.stored).toHaveLength(2);
    const [first, second] = world.checks.stored.map(({ id: _, ...check }) => check);
    expect(first).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(second).toEqual(first);
  });

  test('that failed can be delivered again', async () => {
    world.repositories.commit(SHA, SINGLE);
    world.engine.failNext('submit', new Error('disk full'));
    const handle = createEventHandler(world);

    await expect(handle(pushEvent())).rejects.toThrow('disk full');
    await handle(pushEvent());

    expect(world.engine.submitted).toHaveLength(1);
  });

  test('that are not acted on are only logged', async () => {
    await createEventHandler(world)({ kind: 'ignored', deliveryId: 'd', reason: 'a star' });

    expect(world.log.messages('debug')).toEqual(['event ignored']);
    expect(world.repositories.requests).toEqual([]);
  });
});
