/**
 * `npm run test:api [-- test/api/FILE] [-- JEST ARGUMENTS]`: the tests against a real etcd and kube-apiserver, which are in the folder that
 * `KUBEBUILDER_ASSETS` names, or where build-kube-apiserver.sh puts them. Without them it says so and tests nothing. The last line is
 * `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startControlPlane } from '../test/api/control-plane.ts';
import { findPrograms } from '../test/api/programs.ts';

const given = process.argv.slice(2);
const files = given.some((argument) => argument.startsWith('test/api/')) ? [] : ['test/api/'];
const programs = findPrograms();
if (programs.missing !== null) {
  console.log(`skipped: ${programs.missing}; scripts/build-kube-apiserver.sh makes both available`);
  console.log('0 passed, 0 failed');
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const plane = await startControlPlane(programs);
  try {
    const jest = spawn(
      process.execPath,
      ['scripts/test.ts', '--testPathIgnorePatterns=/node_modules/', '--maxWorkers=2', ...files, ...given],
      { stdio: 'inherit', env: { ...process.env, TEKTON_CI_TEST_API: JSON.stringify(plane.address) } },
    );
    const [code] = await once(jest, 'exit');
    process.exitCode = code === 0 ? 0 : 1;
  } finally {
    await plane.stop();
  }
}
