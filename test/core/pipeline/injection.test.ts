import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeployTarget, ImageStage } from '../../../src/core/config/config.ts';
import type { ResolvedProject } from '../../../src/core/config/resolved-project.ts';
import type { Container, Sidecar, TaskStep } from '../../../src/core/pipeline/pipeline-run.ts';
import type { Source } from '../../../src/core/pipeline/render-input.ts';
import { renderRun } from '../../../src/core/pipeline/render-run.ts';
import type { Layout } from '../../../src/core/settings/settings.ts';
import { expandEnvironment, expandVariables } from '../../../src/local/expand-variables.ts';
import { substituteDeep } from '../../../src/local/substitution.ts';
import { stage } from '../plan/examples.ts';
import { embeddedTasks, renderInput, stepOf } from './examples.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'tekton-ci-injection-'));
const SOURCE = join(ROOT, 'source');
const BIN = join(ROOT, 'bin');
const RECORD = join(ROOT, 'record');
const DIGEST = `sha256:${'ab'.repeat(32)}`;
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

/** Stands for every program that a step runs: it records its arguments and variables, each ended by NUL. */
const RECORDER = `#!/bin/sh
{ for argument in "$@"; do printf '%s\\0' "$argument"; done; } > "$RECORD.$(basename "$0").args"
env -0 > "$RECORD.$(basename "$0").env"
`;

beforeAll(() => {
  mkdirSync(BIN);
  mkdirSync(SOURCE);
  for (const name of ['executor', 'helm', 'record'])
    writeFileSync(join(BIN, name), RECORDER, { mode: 0o755 });
});

/** What Tekton replaces in a task: hostile text that names one of these must stay as it is. */
const TEKTON = new Map([
  ['params.x', 'PASTED'],
  ["params['x']", 'PASTED'],
  ['params.image-digest', DIGEST],
  ['context.taskRun.name', 'PASTED'],
  ['context.pipelineRun.name', 'PASTED'],
  ['tasks.ci.results.commit', 'PASTED'],
  ...['commit', 'url', 'IMAGE_URL', 'IMAGE_DIGEST'].map(
    (name) => [`results.${name}.path`, join(ROOT, name)] as const,
  ),
  ...['source', 'git-credentials', 'cache', 'kubeconfig'].map(
    (name) => [`workspaces.${name}.path`, join(ROOT, name)] as const,
  ),
]);

/** A container as the kubelet starts it, after Tekton's substitution. */
function started(container: TaskStep | Sidecar): {
  env: Record<string, string>;
  container: Container;
  args: string[];
} {
  const replaced = substituteDeep(container, [TEKTON, TEKTON]);
  const env = expandEnvironment((replaced.env ?? []).map(({ name, value = '' }) => ({ name, value })));
  const args = (replaced.args ?? []).map((arg) => expandVariables(arg, env));
  return { env: Object.fromEntries(env), container: replaced, args };
}

interface Recorded {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a rendered step, with its programs replaced by the recorder, and tells what the recorder `name` saw. */
function run(step: TaskStep, name: string): Recorded {
  const { env, container, args } = started(step);
  for (const part of ['args', 'env']) rmSync(`${RECORD}.${name}.${part}`, { force: true });
  const script = join(ROOT, 'script');
  if (container.script !== undefined) writeFileSync(script, container.script, { mode: 0o755 });
  const command = container.script === undefined ? join(BIN, name) : script;
  const { status, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...env, PATH: `${BIN}:/usr/bin:/bin`, RECORD },
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const variables = nulEnded(`${RECORD}.${name}.env`).map((entry): [string, string] => {
    const at = entry.indexOf('=');
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return { args: nulEnded(`${RECORD}.${name}.args`), env: Object.fromEntries(variables) };
}

/** Text as one word of a shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function nulEnded(file: string): string[] {
  return readFileSync(file, 'utf8').split('\0').slice(0, -1);
}

const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '; touch pwned #',
  '"; touch pwned; "',
  "'; touch pwned; '",
  '$(params.x)',
  "$$(params['x'])",
  '$(workspaces.source.path)',
  '$(results.commit.path)',
  '$(context.taskRun.name)',
  '$(context.pipelineRun.name)',
  '$(steps.clone.results.x)',
  '$$(x)',
  '$(TEKTON_CI_DOLLAR)',
  '$$(HOME)',
  '$(COMMIT)',
  `$HOME \${HOME} \\$HOME`,
  '--help',
  '-x',
  '*',
  '~',
  'a b\tc',
  'two\nlines\n',
  '\\n\\0\\',
  '{a,b}=c,d=[e]',
  'é日本😀',
  '%s%n',
  '$(params.x)'.repeat(940),
  '',
];

/** Text as people and attackers write it; without NUL, which no variable can hold. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 12 })), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('').replaceAll('\0', ''));

/** A path as the config takes it: no `$`, no backslash, no control characters, no way up. */
const path = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '-x',
        '`touch pwned`',
        ';touch pwned',
        "'",
        '"',
        'a,b',
        '{a}',
        '*',
        '日本',
        '--help',
        '#',
        '(x)',
      ),
      fc.stringMatching(/^[A-Za-z0-9_,=;&|<>'"`(){}!#-]{1,12}$/),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((segments) => segments.join('/'));

const facts = fc.record({
  branch: text,
  title: text,
  value: text,
  command: fc.oneof(text, path),
  path,
  chart: path,
  values: fc.array(path, { maxLength: 3 }),
  setting: text,
  buildArg: text,
  target: text,
  project: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}[a-z0-9]$/),
});
type Facts = typeof facts extends fc.Arbitrary<infer Value> ? Value : never;

const LAYOUTS: readonly Layout[] = ['pod', 'tasks'];

function render(layout: Layout, project: Partial<ResolvedProject>, source: Partial<Source> = {}) {
  return renderRun(renderInput(project, source, { layout, cache: { claim: 'ci-cache' } }));
}

const RUNS = { numRuns: 20 };

afterAll(() => {
  expect(existsSync(join(ROOT, 'pwned'))).toBe(false);
});

describe.each(LAYOUTS)('in the layout %s', (layout) => {
  test('a command sees branch, tag, project and variables byte for byte, in the right directory', () => {
    fc.assert(
      fc.property(facts, ({ branch, value, path: directory, project }: Facts) => {
        mkdirSync(join(SOURCE, 'checkout', directory), { recursive: true });
        const tests = [
          stage({
            commands: ['record', 'test "$(pwd)" = "$TEKTON_CI_CHECKOUT/$TEKTON_CI_PATH"'],
            env: { VALUE: value },
          }),
        ];
        const rendered = render(layout, { tests, path: directory, name: project }, { branch, tag: branch });

        const { env } = run(stepOf(rendered, 'test'), 'record');

        expect(env).toMatchObject({ BRANCH: branch, TAG: branch, VALUE: value, PROJECT: project });
      }),
      RUNS,
    );
  });

  test('commands themselves arrive byte for byte', () => {
    fc.assert(
      fc.property(facts, ({ command }: Facts) => {
        const { env } = started(
          stepOf(render(layout, { tests: [stage({ commands: [command, command] })] }), 'test'),
        );

        expect([env.TEKTON_CI_COMMAND_1, env.TEKTON_CI_COMMAND_2]).toEqual([command, command]);
      }),
    );
  });

  test('text that a command quotes arrives byte for byte, and nothing in it is executed', () => {
    mkdirSync(join(SOURCE, 'checkout'), { recursive: true });
    fc.assert(
      fc.property(facts, ({ value }: Facts) => {
        const tests = [stage({ commands: [`record ${quoted(value)} "$TITLE"`], env: { TITLE: value } })];

        expect(run(stepOf(render(layout, { tests }), 'test'), 'record').args).toEqual([value, value]);
      }),
      { numRuns: 10 },
    );
  });

  test("a commit's title is an annotation, as it is, and nowhere else", () => {
    fc.assert(
      fc.property(facts, ({ title }: Facts) => {
        const { metadata, spec } = render(layout, {}, { title: `seen ${title}` }).pipelineRun;

        expect(metadata.annotations?.['tekton-ci.dev/title']).toBe(`seen ${title}`);
        expect(spec).toEqual(render(layout, {}, { title: '' }).pipelineRun.spec);
      }),
    );
  });

  test("the image builder's arguments are what the config and the event say, one each", () => {
    fc.assert(
      fc.property(facts, ({ branch, buildArg, target, path: directory }: Facts) => {
        const image: ImageStage = {
          name: 'ghcr.io/acme/api',
          dockerfile: `${directory}/Dockerfile`,
          context: directory,
          target,
          buildArgs: { ARG: buildArg },
          tags: [],
          push: 'auto',
          args: [`--label=${buildArg}`],
        };
        const { args } = run(
          stepOf(render(layout, { image, path: directory }, { branch }), 'image'),
          'executor',
        );
        const checkout = `${SOURCE}/checkout/${directory}`;

        expect(args).toEqual([
          `--context=dir://${checkout}/${directory}`,
          `--dockerfile=${checkout}/${directory}/Dockerfile`,
          ...args.filter((arg) => arg.startsWith('--destination=')),
          `--digest-file=${join(ROOT, 'IMAGE_DIGEST')}`,
          `--target=${target}`,
          `--build-arg=ARG=${buildArg}`,
          '--label=org.opencontainers.image.source=https://github.com/acme/api',
          expect.stringMatching(/^--label=org\.opencontainers\.image\.revision=[0-9a-f]{40}$/),
          `--label=${buildArg}`,
        ]);
        for (const arg of args.slice(2, args.indexOf(`--target=${target}`) - 1)) {
          expect(arg).toMatch(/^--destination=ghcr\.io\/acme\/api:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
        }
      }),
      RUNS,
    );
  });

  test("Helm's arguments are what the config says, one each, and its values are JSON", () => {
    fc.assert(
      fc.property(facts, ({ chart, values, setting, path: directory }: Facts) => {
        mkdirSync(join(SOURCE, 'checkout', directory), { recursive: true });
        const target: DeployTarget = {
          to: 'production',
          chart,
          values,
          set: { note: `x${setting}` },
          approve: false,
        };
        const rendered = render(layout, { deploy: [target], image: IMAGE, path: directory });

        const { args } = run(stepOf(rendered, 'deploy', 'production'), 'helm');

        const files = values.map((value) =>
          /[",]/.test(value) ? `"./${value.replaceAll('"', '""')}"` : `./${value}`,
        );
        expect(args.slice(args.indexOf('--dependency-update') + 1)).toEqual([
          '--set-json=image.repository="ghcr.io/acme/api"',
          expect.stringMatching(/^--set-json=image\.tag="[0-9a-f]{40}"$/),
          `--set-json=image.digest="${DIGEST}"`,
          ...files.map((file) => `--values=${file}`),
          `--set-json=note=${JSON.stringify(`x${setting}`)}`,
          '--',
          'api',
          `./${chart}`,
        ]);
      }),
      RUNS,
    );
  });

  test("a deploy's own commands see the image and their place", () => {
    fc.assert(
      fc.property(facts, ({ value, branch }: Facts) => {
        mkdirSync(join(SOURCE, 'checkout'), { recursive: true });
        const target: DeployTarget = {
          to: 'production',
          commands: ['record'],
          values: [],
          set: {},
          approve: false,
        };
        const rendered = render(
          layout,
          { deploy: [target], image: IMAGE, env: { VALUE: value } },
          { branch },
        );

        const { env } = run(stepOf(rendered, 'deploy', 'production'), 'record');

        expect(env).toMatchObject({
          VALUE: value,
          BRANCH: branch,
          IMAGE: 'ghcr.io/acme/api',
          IMAGE_DIGEST: DIGEST,
          NAMESPACE: 'ci',
          RELEASE: 'api',
        });
      }),
      { numRuns: 10 },
    );
  });

  test("a service's variables and its question whether it is ready arrive byte for byte", () => {
    fc.assert(
      fc.property(facts, ({ value, command }: Facts) => {
        const services = [{ name: 'db', image: 'acme/db:1', env: { VALUE: value }, ready: `x${command}` }];
        const task = embeddedTasks(render(layout, { services })).find(({ taskSpec }) => taskSpec.sidecars)!;

        const { env } = started(task.taskSpec.sidecars![0]!);

        expect(env).toMatchObject({ VALUE: value, TEKTON_CI_READY: `x${command}` });
      }),
    );
  });

  test('what is no value of env or args is never from outside', () => {
    fc.assert(
      fc.property(facts, ({ branch, title, value, command, buildArg }: Facts) => {
        const image: ImageStage = { ...IMAGE, buildArgs: { ARG: buildArg } };
        const project = { tests: [stage({ commands: [command], env: { VALUE: value } })], image };
        const shape = (rendered: ReturnType<typeof render>) =>
          JSON.stringify(embeddedTasks(rendered), (key, entry) =>
            key === 'value' || key === 'args' ? undefined : entry,
          );

        expect(shape(render(layout, project, { branch, title }))).toBe(
          shape(
            render(layout, {
              tests: [stage({ commands: [''], env: { VALUE: '' } })],
              image: { ...IMAGE, buildArgs: { ARG: '' } },
            }),
          ),
        );
      }),
    );
  });
});

const IMAGE: ImageStage = {
  name: 'ghcr.io/acme/api',
  dockerfile: 'Dockerfile',
  context: '.',
  buildArgs: {},
  tags: [],
  push: 'auto',
  args: [],
};
