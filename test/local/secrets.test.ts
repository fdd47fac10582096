import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSecrets } from '../../src/local/secrets.ts';
import { temporaryDirectory } from './fixture.ts';

async function directoryWith(files: Record<string, string>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(directory, path, '..'), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

test('a run’s own secrets come first, and are on the disk no more', async () => {
  const own = await directoryWith({ 'git/token': 'mine' });
  const operators = await directoryWith({ 'git/token': 'theirs', 'npm/token': 'n\n' });

  const secrets = await openSecrets(own, operators);

  await expect(stat(own)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await secrets.read('git', 'token')).toBe('mine');
  expect(await secrets.read('npm', 'token')).toBe('n\n');
});

test('a secret is laid out as files that only their owner can read', async () => {
  const operators = await directoryWith({ 'npm/token': 'n', 'npm/folder/file': 'x' });
  const secrets = await openSecrets(join(operators, 'none'), operators);
  const target = join(await temporaryDirectory(), 'npm');

  await secrets.layOut('npm', target);

  expect(await readdir(target)).toEqual(['token']);
  expect(await readFile(join(target, 'token'), 'utf8')).toBe('n');
  expect((await stat(join(target, 'token'))).mode & 0o777).toBe(0o400);
  expect((await stat(target)).mode & 0o777).toBe(0o700);
});

test('what is missing is named, and a value that cannot be a variable is not printed', async () => {
  const operators = await directoryWith({ 'npm/token': 'hush\0' });
  const secrets = await openSecrets(join(operators, 'none'), operators);

  await expect(secrets.read('nobody', 'key')).rejects.toThrow('there is no secret nobody');
  await expect(secrets.layOut('nobody', '/nowhere')).rejects.toThrow('there is no secret nobody');
  await expect(secrets.read('npm', 'key')).rejects.toThrow('the secret npm has no key key');
  await expect(secrets.read('npm', 'token')).rejects.toThrow('the key token of the secret npm is not text');
});
