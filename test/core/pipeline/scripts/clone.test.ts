import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CLONE_SCRIPT } from '../../../../src/core/pipeline/scripts/clone.ts';

const ROOT = mkdtempSync(join(tmpdir(), 'tekton-ci-clone-'));
const REMOTE = join(ROOT, 'remote api.git');
const LIBRARY = join(ROOT, 'library.git');
const shas: string[] = [];
let side = '';

/** Git alone, without this machine's settings. */
const GIT_ENV = {
  PATH: process.env.PATH,
  HOME: ROOT,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Octocat',
  GIT_AUTHOR_EMAIL: 'octocat@example.com',
  GIT_COMMITTER_NAME: 'Octocat',
  GIT_COMMITTER_EMAIL: 'octocat@example.com',
};

function git(directory: string, ...args: string[]): string {
  const allowed = ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...allowed, ...args], {
    cwd: directory,
    env: GIT_ENV,
    encoding: 'utf8',
  }).trim();
}

function commit(directory: string, file: string, content: string): string {
  writeFileSync(join(directory, file), content);
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', `change ${file}`);
  return git(directory, 'rev-parse', 'HEAD');
}

/** A repository of three commits, the last with a submodule, and a commit that only a side branch holds. */
beforeAll(() => {
  const [work, library] = [join(ROOT, 'work'), join(ROOT, 'library')];
  mkdirSync(library);
  git(library, 'init', '--quiet');
  commit(library, 'library.txt', 'of the library\n');
  git(ROOT, 'clone', '--quiet', '--bare', library, LIBRARY);
  mkdirSync(work);
  git(work, 'init', '--quiet');
  shas.push(commit(work, 'a.txt', 'one\n'), commit(work, 'a.txt', 'two\n'));
  git(work, 'checkout', '--quiet', '-b', 'side', shas[0]!);
  side = commit(work, 'side.txt', 'aside\n');
  git(work, 'checkout', '--quiet', 'main');
  git(work, 'submodule', '--quiet', 'add', '../library.git', 'library');
  shas.push(commit(work, 'a.txt', 'three\n'));
  git(work, 'tag', '--annotate', 'v1.0.0', '--message', 'first');
  git(ROOT, 'clone', '--quiet', '--bare', work, REMOTE);
});
afterAll(() => rmSync(ROOT, { recursive: true, force: true }));

interface Clone {
  readonly code: number | null;
  readonly output: string;
  readonly checkout: string;
  result(name: string): string | null;
}

let clones = 0;

/** Runs the script as a step does, with results and folders where the engine would put them. */
function clone(commitSha: string, env: Record<string, string> = {}): Clone {
  const directory = join(ROOT, `clone ${clones++}`);
  const home = join(directory, 'home');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, '.gitconfig'), '[protocol "file"]\n\tallow = always\n');
  const script = CLONE_SCRIPT.replace(/\$\(results\.(\w+)\.path\)/g, (_, name: string) =>
    join(directory, name),
  );
  writeFileSync(join(directory, 'script'), script, { mode: 0o755 });
  const { status, stdout, stderr } = spawnSync(join(directory, 'script'), {
    encoding: 'utf8',
    timeout: 20_000,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      COMMIT: commitSha,
      TAG: '',
      TEKTON_CI_CHECKOUT: join(directory, 'checkout'),
      TEKTON_CI_URL: `file://${REMOTE}`,
      TEKTON_CI_DEPTH: '1',
      TEKTON_CI_SUBMODULES: 'true',
      TEKTON_CI_LFS: 'false',
      ...env,
    },
  });
  const result = (name: string) =>
    existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : null;
  return { code: status, output: stdout + stderr, checkout: join(directory, 'checkout'), result };
}

function commits(checkout: string): string {
  return git(checkout, 'rev-list', '--count', 'HEAD');
}

describe('the clone', () => {
  test('is exactly the commit, with one commit of history and its submodules', () => {
    const { code, output, checkout, result } = clone(shas[2]!);

    expect({ code, output }).toEqual({
      code: 0,
      output: `Fetching ${shas[2]} from file://${REMOTE}\n${shas[2]!.slice(0, 7)} change a.txt\n`,
    });
    expect(git(checkout, 'rev-parse', 'HEAD')).toBe(shas[2]);
    expect(readFileSync(join(checkout, 'a.txt'), 'utf8')).toBe('three\n');
    expect(readFileSync(join(checkout, 'library/library.txt'), 'utf8')).toBe('of the library\n');
    expect(commits(checkout)).toBe('1');
    expect(result('commit')).toBe(shas[2]);
    expect(result('url')).toBe(`file://${REMOTE}`);
  });

  test.each([
    ['0', '3'],
    ['2', '2'],
    ['50', '3'],
  ])('of depth %s has %s commits of history', (depth, count) => {
    const { code, checkout } = clone(shas[2]!, { TEKTON_CI_DEPTH: depth });

    expect(code).toBe(0);
    expect(commits(checkout)).toBe(count);
  });

  test('may be of a commit that is no branch’s newest, or on another branch', () => {
    expect(readFileSync(join(clone(shas[0]!).checkout, 'a.txt'), 'utf8')).toBe('one\n');
    expect(readFileSync(join(clone(side).checkout, 'side.txt'), 'utf8')).toBe('aside\n');
  });

  test('leaves submodules out when it is told to', () => {
    const { code, checkout } = clone(shas[2]!, { TEKTON_CI_SUBMODULES: 'false' });

    expect(code).toBe(0);
    expect(existsSync(join(checkout, 'library/library.txt'))).toBe(false);
  });

  test('knows the tag that it was made for', () => {
    const { code, checkout } = clone(shas[2]!, { TAG: 'v1.0.0' });

    expect(code).toBe(0);
    expect(git(checkout, 'describe', '--tags', '--exact-match')).toBe('v1.0.0');
  });

  test('of a commit that does not exist fails, and writes no result', () => {
    const { code, output, result } = clone('f'.repeat(40));

    expect(code).not.toBe(0);
    expect(output).toContain('f'.repeat(40));
    expect(result('commit')).toBeNull();
  });

  test('of anything but a commit fails: a tag object, a branch', () => {
    const tag = git(REMOTE, 'rev-parse', 'v1.0.0');

    for (const [name, sha] of [
      [tag, shas[2]],
      ['main', shas[2]],
    ]) {
      const { code, output, result } = clone(name!);
      expect(code).toBe(1);
      expect(output).toContain(`HEAD is ${sha}, not ${name}`);
      expect(result('commit')).toBeNull();
    }
  });

  test('can be written by steps of other users', () => {
    const { checkout } = clone(shas[0]!);

    expect(statSync(checkout).mode & 0o777).toBe(0o777);
    expect(statSync(join(checkout, 'a.txt')).mode & 0o666).toBe(0o666);
  });

  test.each(['$(touch pwned)', '`touch pwned`', '--upload-pack=touch pwned', "'; touch pwned; '"])(
    'takes %j for an address that does not answer, and nothing else',
    (url) => {
      const { code, checkout } = clone(shas[0]!, { TEKTON_CI_URL: url });

      expect(code).not.toBe(0);
      expect(existsSync(join(checkout, 'pwned'))).toBe(false);
    },
  );

  test('asks for large files only when it is told to', () => {
    const bin = join(ROOT, 'bin');
    const log = join(ROOT, 'lfs.log');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git-lfs'), `#!/bin/sh\necho "$*" >> "${log}"\n`, { mode: 0o755 });
    const PATH = `${bin}:${process.env.PATH}`;

    expect(clone(shas[0]!, { PATH }).code).toBe(0);
    expect(existsSync(log)).toBe(false);
    expect(clone(shas[0]!, { PATH, TEKTON_CI_LFS: 'true' }).code).toBe(0);
    expect(readFileSync(log, 'utf8')).toBe('install --local\npull\n');
  });
});

describe("the operator's settings of a clone", () => {
  test('fetch what they name besides the commit', () => {
    const refspec = '+refs/heads/side:refs/remotes/origin/side';
    const { code, checkout } = clone(shas[2]!, { TEKTON_CI_REFSPECS: '1', TEKTON_CI_REFSPEC_1: refspec });

    expect(code).toBe(0);
    expect(git(checkout, 'rev-parse', 'origin/side')).toBe(side);
    expect(git(checkout, 'rev-parse', 'HEAD')).toBe(shas[2]);
  });
});

test('the address of the image is told before it is built', () => {
  const file = join(ROOT, 'IMAGE_URL');

  expect(
    clone(shas[0]!, { TEKTON_CI_IMAGE_RESULT: file, TEKTON_CI_IMAGE_URL: 'ghcr.io/acme/api:1' }).code,
  ).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe('ghcr.io/acme/api:1');
});

describe('the token of a clone', () => {
  const TOKEN = 'ghs_0123456789abcdefghij';
  const URL = 'https://github.test/acme/api.git';
  const file = join(ROOT, 'token');
  beforeAll(() => writeFileSync(file, `${TOKEN}\n`));

  /** What git's credential helpers answer under the settings that the script makes. */
  function credentials(address: string, env: Record<string, string> = {}): string {
    const probe = CLONE_SCRIPT.replace(
      /^echo "Fetching[\s\S]*$/m,
      `printf 'url=%s\\n\\n' '${address}' | git credential fill\n`,
    );
    const directory = join(ROOT, `probe ${clones++}`);
    mkdirSync(directory);
    const { stdout } = spawnSync('sh', ['-c', probe], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: directory,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'safe.directory',
        GIT_CONFIG_VALUE_0: '*',
        TEKTON_CI_CHECKOUT: join(directory, 'checkout'),
        TEKTON_CI_LFS: 'false',
        TEKTON_CI_URL: URL,
        TEKTON_CI_TOKEN_FILE: file,
        ...env,
      },
    });
    return stdout;
  }

  test('is given for the repository itself', () => {
    expect(credentials(URL)).toContain(`username=x-access-token\npassword=${TOKEN}\n`);
  });

  test.each([
    'https://github.test/acme/other.git',
    'https://github.test/acme/api.git.evil',
    'https://github.test/',
    'https://github.test.evil/acme/api.git',
    'https://evil.test/acme/api.git',
    'http://github.test/acme/api.git',
  ])('is not given for %s', (address) => {
    expect(credentials(address)).not.toContain(TOKEN);
  });

  test('is given for the submodules that the operator lists, and no others', () => {
    const env = {
      TEKTON_CI_TOKEN_URLS: '2',
      TEKTON_CI_TOKEN_URL_1: 'https://github.test/acme/lib',
      TEKTON_CI_TOKEN_URL_2: 'https://github.test/acme/lib.git',
    };

    expect(credentials('https://github.test/acme/lib', env)).toContain(TOKEN);
    expect(credentials('https://github.test/acme/lib.git', env)).toContain(TOKEN);
    expect(credentials(URL, env)).toContain(TOKEN);
    expect(credentials('https://github.test/acme/library.git', env)).not.toContain(TOKEN);
    expect(credentials('https://github.test/acme/other.git', env)).not.toContain(TOKEN);
  });

  test("does not hinder the operator's basic-auth Secrets, each for its own addresses", () => {
    const secrets = ['one', 'two'].map((name) => {
      const folder = join(ROOT, `secret of ${name}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'username'), `user-${name}`);
      writeFileSync(join(folder, 'password'), `pass-${name}`);
      return folder;
    });
    const env = {
      TEKTON_CI_GIT_URLS: '2',
      TEKTON_CI_GIT_URL_1: 'https://github.test',
      TEKTON_CI_GIT_URL_2: 'https://git.test/acme',
      TEKTON_CI_GIT_FOLDER_1: secrets[0]!,
      TEKTON_CI_GIT_FOLDER_2: secrets[1]!,
    };

    expect(credentials(URL, env)).toContain(TOKEN);
    expect(credentials('https://github.test/acme/lib.git', env)).toContain(
      'username=user-one\npassword=pass-one\n',
    );
    expect(credentials('https://git.test/acme/lib.git', env)).toContain(
      'username=user-two\npassword=pass-two\n',
    );
    expect(credentials('https://git.test/other/lib.git', env)).not.toContain('pass-');
    expect(credentials('https://evil.test/acme/lib.git', env)).not.toContain('pass-');
  });

  test('stays out of the output and of everything in the checkout', () => {
    const { code, output, checkout } = clone(shas[2]!, { TEKTON_CI_TOKEN_FILE: file });

    expect(code).toBe(0);
    expect(output).not.toContain(TOKEN);
    expect(spawnSync('grep', ['-r', TOKEN, checkout]).status).toBe(1);
    expect(readFileSync(join(checkout, '.git/config'), 'utf8')).not.toMatch(/credential|helper/);
  });
});
