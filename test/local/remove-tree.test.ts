import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { removeTree } from '../../src/local/remove-tree.ts';
import { temporaryDirectory } from './fixture.ts';

test('removes read-only folders as a user that is not root, and follows no link', async () => {
  const directory = await temporaryDirectory();
  const work = join(directory, 'work');
  await mkdir(join(work, 'mod', 'cache'), { recursive: true });
  await mkdir(join(directory, 'outside'));
  await writeFile(join(directory, 'outside', 'kept'), '');
  await writeFile(join(work, 'mod', 'cache', 'file'), '');
  await symlink(join(directory, 'outside'), join(work, 'mod', 'link'));
  for (const path of ['mod/cache', 'mod', 'mod/../../outside']) await chmod(join(work, path), 0o555);
  const nobody = 65_534;
  const root = process.getuid?.() === 0;
  if (root) execFileSync('chown', ['-Rh', `${nobody}:${nobody}`, directory]);

  const url = new URL('../../src/local/remove-tree.ts', import.meta.url).href;
  // It becomes nobody only when all is read: who that is may not be allowed into our own folder.
  const program = `import { removeTree } from ${JSON.stringify(url)};
    if (${root}) { process.setgroups([]); process.setgid(${nobody}); process.setuid(${nobody}); }
    await removeTree(process.argv[1]);`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', program, work], { cwd: '/' });

  expect(existsSync(work)).toBe(false);
  expect(existsSync(join(directory, 'outside', 'kept'))).toBe(true);
  await chmod(join(directory, 'outside'), 0o755);
});

test('does not mind a folder that is not there', async () => {
  await removeTree(join(await temporaryDirectory(), 'nothing'));
});
