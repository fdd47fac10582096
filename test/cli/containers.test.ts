import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { startCommand } from './command-process.ts';
import { GIT_ENVIRONMENT, repositoryOf, temporaryDirectory, write } from './temporary-repository.ts';

// Processes: slow on a busy machine.
jest.setTimeout(30_000);

/** Says that it is there, writes down what it was asked and what it was given, and does nothing but a clone's results. */
const PODMAN = `#!/bin/sh
echo "$*" >> "$0.asked"
env >> "$0.given"
if [ "$1" = info ]; then echo linux; fi
for word; do
  case $word in *:/tekton/results) echo x | tee "\${word%:*}/commit" > "\${word%:*}/url" ;; esac
done
`;

test('run finds podman, shows its containers the source where it is cloned, and shows podman no secret', async () => {
  const bin = temporaryDirectory();
  write(bin, { podman: PODMAN });
  chmodSync(join(bin, 'podman'), 0o755);
  const config = 'use: example.com/tools:1\ntest: make check\nsecrets: [NPM_TOKEN]\n';

  const { exitCode, stdout, stderr } = await startCommand(['run', '--secret', 'NPM_TOKEN'], {
    directory: repositoryOf({ '.tekton-ci.yml': config }),
    environment: {
      PATH: `${bin}:${GIT_ENVIRONMENT.PATH}`,
      NPM_TOKEN: 'npm_s3cret',
      UNRELATED: 'words',
      DOCKER_HOST: 'x',
    },
  }).ended;

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/; runtime podman \(it answers\)\n/);
  const asked = readFileSync(join(bin, 'podman.asked'), 'utf8').split('\n');
  const source = /--volume (\S+\/source\.git):\1:ro /;
  const containers = asked.filter((line) => line.startsWith('create '));
  expect(containers.map((line) => [/ -- (\S+)/.exec(line)?.[1], source.test(line)])).toEqual([
    ['alpine/git:2.52.0', true],
    ['example.com/tools:1', false],
  ]);
  expect(asked.join('\n')).not.toContain('npm_s3cret');
  const given = readFileSync(join(bin, 'podman.given'), 'utf8');
  expect(given).toMatch(/^DOCKER_HOST=x$/m);
  expect(given).not.toContain('UNRELATED');
  // Only the command that makes the container of a step with the secret is given its value.
  expect(given.match(/^NPM_TOKEN=npm_s3cret$/gm)).toHaveLength(1);
});
