import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readProcesses } from './processes.ts';
import { completed, nodeProject, SECRET, startWorld, type World } from './world.ts';

const execute = promisify(execFile);

let world: World;

beforeAll(async () => {
  world = await startWorld({ env: { LOG_LEVEL: 'debug' } });
});

afterAll(() => world.close());

test('a private repository cannot be cloned without a token', async () => {
  const repository = await world.repository('closed');

  const clone = execute('git', ['clone', repository.cloneUrl, join(world.data, 'stolen')], {
    env: { PATH: process.env.PATH, GIT_TERMINAL_PROMPT: '0', HOME: world.data },
  });

  await expect(clone).rejects.toThrow(/Authentication failed|could not read Username/);
});

test('the token of a clone is in no log, page, check, process or environment', async () => {
  const repository = await world.repository('secretive');
  const tries = [
    'const { execSync } = require("node:child_process");',
    'const sh = (command) => { try { return execSync(command, { encoding: "utf8" }); } catch (error) { return String(error.stdout); } };',
    'console.log(JSON.stringify(process.env), sh("cat .git/config"), sh("ls -laR $HOME"));',
  ];
  const held = world.github.hold('git/upload-pack');

  const { sha } = await world.github.pushFiles(repository, { files: nodeProject(tries.join('\n')) });
  await held.arrived;
  const token = await readToken(world.data);
  const whileCloning = JSON.stringify(await readProcesses());
  held.release();
  const [check] = await world.until(repository, sha, completed);

  expect(token.length).toBeGreaterThan(40);
  expect(check?.conclusion).toBe('success');
  const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
  const page = await (await fetch(check?.detailsUrl ?? '')).text();
  const texts = [
    whileCloning,
    page,
    JSON.stringify(check),
    world.server.log(),
    await allFiles(join(world.data, 'logs')),
  ];
  for (const text of texts) {
    expect(text).not.toContain(token);
    expect(text).not.toContain(encoded);
  }
});

test("a step has nothing of the server's in its environment, arguments and open files", async () => {
  const repository = await world.repository('curious');
  const program =
    'console.log(process.env, process.argv, require("node:fs").readdirSync("/proc/self/fd").length);';

  const { sha } = await world.github.pushFiles(repository, {
    files: nodeProject(program, 'test: [node test.cjs, "ls -l /proc/$$/fd"]\n'),
  });
  const [check] = await world.until(repository, sha, completed);

  expect(check?.conclusion).toBe('success');
  const log = await readFile(join(world.data, 'logs', check?.externalId ?? '', 'test.log'), 'utf8');
  expect(log).toContain('COMMIT');
  for (const own of [SECRET, 'PRIVATE KEY', 'WEBHOOK_SECRET', 'APP_ID', 'socket:'])
    expect(log).not.toContain(own);
});

test('a token that a step prints is masked', async () => {
  const repository = await world.repository('talkative');

  const { sha } = await world.github.pushFiles(repository, {
    files: nodeProject('console.log("key ghs_" + "a1B2".repeat(10));'),
  });
  const [check] = await world.until(repository, sha, completed);

  const page = await (await fetch(check?.detailsUrl ?? '')).text();
  expect(page).toContain('key ***');
  expect(page).not.toContain('a1B2a1B2');
});

/** The one token that lies on disk while a clone is under way. */
async function readToken(data: string): Promise<string> {
  const names = await readdir(data, { recursive: true });
  const path = names.find((name) => name.endsWith('git-credentials/token')) ?? '';
  return readFile(join(data, path), 'utf8');
}

async function allFiles(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}
