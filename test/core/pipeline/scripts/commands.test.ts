import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { COMMANDS_SCRIPT } from '../../../../src/core/pipeline/scripts/commands.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'tekton-ci-commands-'));
const SCRIPT = join(ROOT, 'script');
mkdirSync(join(ROOT, 'checkout/my project'), { recursive: true });
writeFileSync(SCRIPT, COMMANDS_SCRIPT, { mode: 0o755 });
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

/** A folder of programs: of this machine, or scripts of our own. */
function programs(
  name: string,
  files: Record<string, { readonly link: string } | { readonly script: string }>,
): string {
  const directory = join(ROOT, name);
  mkdirSync(directory);
  for (const [file, content] of Object.entries(files)) {
    if ('link' in content) symlinkSync(content.link, join(directory, file));
    else writeFileSync(join(directory, file), content.script, { mode: 0o755 });
  }
  return directory;
}

const TOOLS = Object.fromEntries(
  ['cat', 'env', 'false', 'sleep'].map((tool) => [tool, { link: `/usr/bin/${tool}` }]),
);
const DASH = { link: '/usr/bin/dash' };
const BASH = { link: '/usr/bin/bash' };

/** The shells that a container may have: what its `sh` is, and whether there is a `bash`. */
const SHELLS = [
  { shell: 'dash alone', path: programs('dash', { ...TOOLS, sh: DASH }), bash: false },
  {
    shell: 'dash, and bash beside it',
    path: programs('both', { ...TOOLS, sh: DASH, bash: BASH }),
    bash: true,
  },
  { shell: 'bash under both names', path: programs('bash', { ...TOOLS, sh: BASH, bash: BASH }), bash: true },
];

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(path: string, commands: readonly string[], env: Record<string, string> = {}): Outcome {
  const variables = commands.map((command, index) => [`TEKTON_CI_COMMAND_${index + 1}`, command]);
  const { status, stdout, stderr } = spawnSync(join(path, 'sh'), [SCRIPT], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 10_000,
    env: {
      PATH: path,
      HOME: ROOT,
      TEKTON_CI_CHECKOUT: join(ROOT, 'checkout'),
      TEKTON_CI_PATH: 'my project',
      TEKTON_CI_COMMANDS: String(commands.length),
      ...Object.fromEntries(variables),
      ...env,
    },
  });
  return { code: status, stdout, stderr };
}

describe.each(SHELLS)('commands run under $shell', ({ path, bash }) => {
  test('in order, each in a group of the log, in the directory of the project', () => {
    const { code, stdout } = run(path, ['pwd', 'echo one\necho two']);

    expect(code).toBe(0);
    expect(stdout).toBe(
      `::group::pwd\n${join(ROOT, 'checkout/my project')}\n::endgroup::\n::group::echo one\none\ntwo\n::endgroup::\n`,
    );
  });

  test('by bash when there is one', () => {
    const { stdout } = run(path, ['set +u; if [ -n "$BASH" ]; then echo bash; fi']);

    expect(stdout.includes('\nbash')).toBe(bash);
  });

  test('in one shell: directory, variables and functions stay', () => {
    const { code, stdout } = run(path, [
      'cd /; WORD="two words"; export LOUD=yes; greet() { echo "hello $1"; }',
      'pwd; echo "$WORD"; env; greet you',
    ]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/\n\/\ntwo words\n/);
    expect(stdout).toContain('\nLOUD=yes\n');
    expect(stdout).toContain('\nhello you\n');
  });

  test.each([
    ['exit 7', 7],
    ['false', 1],
    ['(exit 3); echo "after $((40 + 2))"', 3],
    ['no-such-program-anywhere', 127],
    ['sh -c "kill -9 \\$\\$"', 137],
  ])('the first that fails ends them with its code and a note: %s', (command, exitCode) => {
    const { code, stdout } = run(path, ['true', command, 'echo never']);

    expect(code).toBe(exitCode);
    expect(stdout.endsWith(`\ntekton-ci: command 2 of 3 failed with exit code ${exitCode}\n`)).toBe(true);
    expect(stdout).not.toContain('after 42');
    expect(stdout).not.toContain('never');
  });

  test('a variable that is not set is a failure', () => {
    const { code, stdout, stderr } = run(path, ['echo "$NOT_SET_ANYWHERE"', 'echo never']);

    expect(code).not.toBe(0);
    expect(stderr).toMatch(/NOT_SET_ANYWHERE/);
    expect(stdout).toContain(`tekton-ci: command 1 of 2 failed with exit code ${code}\n`);
    expect(stdout).not.toContain('never');
  });

  test('a syntax error is a failure with a note', () => {
    const { code, stdout } = run(path, ['if true; then', 'echo never']);

    expect(code).not.toBe(0);
    expect(stdout).toContain('tekton-ci: command 1 of 2 failed with exit code');
    expect(stdout).not.toContain('never');
  });

  test('a failure inside a pipe is seen where the shell can', () => {
    const { code } = run(path, ['false | cat']);

    expect(code).toBe(bash ? 1 : 0);
  });

  test('what a command starts sees none of the commands', () => {
    const { stdout } = run(path, ['env', 'echo "second secret $((1 + 1))"; env', 'true']);

    expect(stdout).not.toMatch(/^TEKTON_CI_COMMAND_\d/m);
    expect(stdout).not.toMatch(/^TEKTON_CI_COMMAND=/m);
    expect(stdout).toContain('second secret 2');
  });

  test('no argument of ours reaches the commands', () => {
    expect(run(path, ['echo "$# arguments"']).stdout).toContain('\n0 arguments\n');
  });

  test('text of a command is run once, and never again by the script', () => {
    const marker = join(ROOT, 'marker');
    const { code, stdout } = run(path, [
      `printf '%s\\n' '$(touch ${marker})' '\`touch ${marker}\`' '"; touch ${marker}; "'`,
      `: "'" '"' '%s%n' \\\\`,
      'cat <<END\nhere: $((2 + 3))\nEND',
      '# nothing but a comment: $(params.x)',
    ]);

    expect(code).toBe(0);
    expect(stdout).toContain(`\n$(touch ${marker})\n\`touch ${marker}\`\n"; touch ${marker}; "\n`);
    expect(stdout).toContain('::group::# nothing but a comment: $(params.x)\n');
    expect(stdout).toContain('\nhere: 5\n');
    expect(() => readFileSync(marker)).toThrow('ENOENT');
  });

  test('hundred of them run', () => {
    const { code, stdout } = run(
      path,
      Array.from({ length: 100 }, (_, index) => `echo "number ${index + 1}"`),
    );

    expect(code).toBe(0);
    expect(stdout.match(/^number \d+$/gm)).toHaveLength(100);
  });

  test('a directory that is missing is said', () => {
    const { code, stderr, stdout } = run(path, ['echo never'], { TEKTON_CI_PATH: 'nowhere' });

    expect(code).not.toBe(0);
    expect(stderr).toContain('nowhere');
    expect(stdout).not.toContain('never');
  });
});

test('a bash that runs as sh behaves as bash', () => {
  const { code, stdout } = run(SHELLS[2]!.path, [
    'case $SHELLOPTS in *posix*) echo posix ;; *) echo bash ;; esac',
  ]);

  expect(code).toBe(0);
  expect(stdout).toContain('\nbash\n');
});

test('a program that is only called bash is tried once', () => {
  const fake = '#!/bin/sh\necho "not bash"; exec /usr/bin/dash "$@"\n';
  const path = programs('fake', { ...TOOLS, sh: DASH, bash: { script: fake } });

  const { code, stdout } = run(path, ['echo done']);

  expect(code).toBe(0);
  expect(stdout).toBe('not bash\n::group::echo done\ndone\n::endgroup::\n');
});

describe('the dependency cache', () => {
  const PATH = '/usr/bin';
  const CACHE = join(ROOT, 'cache');
  const PROJECT = join(ROOT, 'checkout/my project');
  const cacheEnv = (...paths: string[]) => ({
    HOME: join(ROOT, 'home of its own'),
    TEKTON_CI_CACHE: CACHE,
    TEKTON_CI_CACHE_FOLDER: 'paths/api',
    TEKTON_CI_CACHE_PATHS: String(paths.length),
    ...Object.fromEntries(paths.map((path, index) => [`TEKTON_CI_CACHE_PATH_${index + 1}`, path])),
  });

  test('is behind the paths that the config names, for this run and the next', () => {
    mkdirSync(CACHE, { recursive: true });
    const write = 'mkdir -p "a b" && echo kept > "a b/file" && echo too > deep/er/file';
    const first = run(PATH, [write], cacheEnv('a b', 'deep/er'));
    const again = run(PATH, ['cat "a b/file"'], cacheEnv('a b', 'deep/er'));

    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('\nkept\n');
    expect(readlinkSync(join(PROJECT, 'a b'))).toBe(join(CACHE, 'paths/api/a b'));
    expect(readFileSync(join(CACHE, 'paths/api/deep/er/file'), 'utf8')).toBe('too\n');
  });

  test('leaves alone what the repository has itself, and says so', () => {
    mkdirSync(join(PROJECT, 'vendor'), { recursive: true });

    const { code, stdout } = run(PATH, ['true'], cacheEnv('vendor'));

    expect(code).toBe(0);
    expect(stdout).toContain('tekton-ci: vendor is in the repository, so it is not cached\n');
    expect(lstatSync(join(PROJECT, 'vendor')).isSymbolicLink()).toBe(false);
  });

  test('that cannot be written is not used, and the tools keep their own folders', () => {
    const { code, stdout } = run(PATH, [`echo "<\${GOCACHE-none}> <\${KEPT-none}>"`], {
      ...cacheEnv('unused'),
      TEKTON_CI_CACHE: join(ROOT, 'not there'),
      TEKTON_CI_CACHE_VARIABLES: 'GOCACHE GOMODCACHE',
      GOCACHE: join(ROOT, 'not there/go'),
      KEPT: 'kept',
    });

    expect(code).toBe(0);
    expect(stdout).toContain("tekton-ci: this container's user cannot write the cache, which is not used\n");
    expect(stdout).toContain('\n<none> <kept>\n');
    expect(existsSync(join(PROJECT, 'unused'))).toBe(false);
  });
});
