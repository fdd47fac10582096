/**
 * `npm run test:cluster [-- test/cluster/FILE] [-- JEST ARGUMENTS]`: the tests on the real cluster that `KUBECONFIG` names, with a real Tekton.
 * `TEST_CLUSTER_SETTINGS` names a file that says which images and which registry it has (test/cluster/README.md). They make namespaces of
 * their own and remove them. Without a cluster it says so and tests nothing. The last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../test/cluster/kubernetes.ts';
import { removeAll } from '../test/cluster/namespace.ts';
import { SERVER_PID, whatIsMissing } from '../test/cluster/settings.ts';

const given = process.argv.slice(2);
const files = given.some((argument) => argument.startsWith('test/cluster/')) ? [] : ['test/cluster/'];
const missing = whatIsMissing();
if (missing !== null) {
  console.log(`skipped: ${missing} (test/cluster/README.md)`);
  console.log('0 passed, 0 failed');
} else {
  const run = `run-${process.pid}`;
  const data = mkdtempSync(join(tmpdir(), 'tekton-ci-cluster-'));
  const jest = spawn(
    process.execPath,
    [
      'scripts/test.ts',
      '--testPathIgnorePatterns=/node_modules/',
      '--runInBand',
      '--testTimeout=600000',
      ...files,
      ...given,
    ],
    {
      stdio: 'inherit',
      // A group of its own, so that a signal ends all of it, and only then what is left is removed here.
      detached: true,
      env: { ...process.env, TEST_CLUSTER_RUN: run, TEST_CLUSTER_DATA: data },
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => end(-(jest.pid ?? 0), signal));
  const [code] = await once(jest, 'exit');
  await stopServers(data);
  const left = await removeAll(connect(), run);
  if (left.length > 0) console.error(`removed what was left: ${left.join(', ')}`);
  process.exitCode = code === 0 ? 0 : 1;
}

/** Stops servers whose tests could not, and removes the folders of all. */
async function stopServers(folder: string): Promise<void> {
  for (const world of readdirSync(folder)) {
    const file = join(folder, world, SERVER_PID);
    if (existsSync(file)) end(Number(readFileSync(file, 'utf8')), 'SIGKILL');
  }
  await rm(folder, { recursive: true, force: true });
}

/** Nothing to do for what has ended already. */
function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}
