import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generatedSecrets } from '../app/masking/generated-secrets.ts';
import { readingsOf } from '../app/masking/published.ts';
import { leakIn, piecesOf, WAYS } from '../app/masking/written-secrets.ts';
import type { CheckState } from '../github/check-store.ts';
import { completed, shellProject, startWorld, type World } from './world.ts';

/** Of a file with several fields the operator's engine masks the credentials alone. */
const SECRETS = generatedSecrets(80)
  .filter(({ given, value }) => given && !value.startsWith('{'))
  .map(({ value }, index) => ({ name: `SECRET_${index}`, value }))
  .slice(0, 36);

/** Prints every secret in several ways; each is cut in two, and time passes between the halves of those that are plain. */
const PRINTER = `
const { writeSync } = require('node:fs');
const wait = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const base64 = (text) => Buffer.from(text).toString('base64');
const ways = [
  base64,
  (text) => base64('user:' + text),
  (text) => Buffer.from(text).toString('base64url'),
  encodeURIComponent,
  (text) => new URLSearchParams({ x: text }).toString().slice(2),
  (text) => JSON.stringify(text),
];
let line = 0;
function print(text, pause) {
  const bytes = Buffer.from('src/a.ts(' + (line += 1) + ',5): error TS2322: Type ' + text + ' is not assignable.\\n');
  const cut = bytes.indexOf(text) + (Buffer.byteLength(text) >> 1);
  writeSync(1, bytes.subarray(0, cut));
  wait(pause);
  writeSync(1, bytes.subarray(cut));
}
for (const name of Object.keys(process.env).filter((one) => one.startsWith('SECRET_'))) {
  print(process.env[name], 50);
  for (const write of ways) print(write(process.env[name]), 0);
}
for (const text of [
  'Authorization: Bearer ' + 'bearer-of-a-header-0'.repeat(2),
  'https://user:password-of-an-address@host/',
  'gh' + 's_' + 'aB3xQ9zLmTw7'.repeat(3),
]) print(text, 50);
console.log('that was line ' + line);
process.exit(1);
`;

/** What is known of these by their shape alone. */
const SHAPED = ['bearer-of-a-header-0', 'password-of-an-address', 'aB3xQ9zLmTw7'];

let settings: string;
let world: World;

beforeAll(async () => {
  settings = await mkdtemp(join(tmpdir(), 'tekton-ci-masking-'));
  const secrets = Object.fromEntries(SECRETS.map(({ name }) => [name, { name: 'masking', key: name }]));
  const file = join(settings, 'settings.yml');
  await writeFile(file, JSON.stringify({ repositories: { 'acme/*': { secrets } } }));
  world = await startWorld({ env: { TEKTON_CI_SETTINGS: file, LOG_LEVEL: 'debug' } });
  const folder = join(world.data, 'secrets', 'masking');
  await mkdir(folder, { recursive: true });
  for (const { name, value } of SECRETS) await writeFile(join(folder, name), value);
});

afterAll(async () => {
  await world.close();
  await rm(settings, { recursive: true });
});

/** All that can be read of the run from outside. */
async function readable(check: CheckState | undefined): Promise<Record<string, string>> {
  const page = check?.detailsUrl ?? '';
  const log = `${page}/logs/test`;
  const folder = join(world.data, 'logs', check?.externalId ?? '');
  const files = await readdir(folder);
  const read = async (address: string) =>
    [address.replace(page, 'page'), await (await fetch(address)).text()] as const;
  return {
    check: JSON.stringify(check),
    'log of the server': world.server.log(),
    ...Object.fromEntries(
      await Promise.all([page, log, `${log}/outline`, `${log}/lines?from=1&count=1000`].map(read)),
    ),
    ...Object.fromEntries(
      await Promise.all(
        files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const),
      ),
    ),
  };
}

test('a step that prints its secrets in every way tells nobody any of them', async () => {
  const repository = await world.repository('masking');
  const config = `secrets: [${SECRETS.map(({ name }) => name).join(', ')}]\n`;
  const files = {
    ...shellProject('node print.cjs', config),
    'print.cjs': PRINTER,
    'src/a.ts': 'x\n'.repeat(500),
  };

  const { sha } = await world.github.pushFiles(repository, { files });
  // They come after the verdict, by fifties.
  const [check] = await world.until(repository, sha, (checks) => {
    return completed(checks) && checks[0]?.annotations.length === 150;
  });

  const told = await readable(check);
  const lines = SECRETS.length * 7 + 3;
  expect(check).toMatchObject({ conclusion: 'failure', title: expect.stringContaining('test failed') });
  expect(check?.annotations.filter(({ message }) => !message.includes('***'))).toEqual([]);
  expect(told['test.log']).toContain(`that was line ${lines}\n`);
  expect(told['test.log']!.match(/error TS2322: Type \S*\*\*\*/g)!.length).toBeGreaterThan(
    lines - SHAPED.length,
  );
  expect(told['page/logs/test']).toBe(told['test.log']);
  // Pieces of XML are most of all XML, of which a page is full.
  const ways = Object.entries(WAYS).flatMap(([name, write]) => (name === 'in XML' ? [] : [write]));
  const hidden = SECRETS.flatMap(({ value }) => ways.map((write) => write(value).replace(/^dXNlcj/, '')));
  const pieces = piecesOf([...hidden, ...SHAPED]);
  for (const [where, text] of Object.entries(told))
    expect({ where, leak: leakIn(readingsOf(text), pieces) }).toEqual({ where, leak: null });
}, 60_000);
