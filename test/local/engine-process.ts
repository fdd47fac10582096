import { createContainerRuntime } from '../../src/local/container-runtime.ts';
import { createHostRuntime } from '../../src/local/host-runtime.ts';
import { createLocalEngine } from '../../src/local/local-engine.ts';

/**
 * A process that hosts an engine, for tests that end it without warning: takes runs as lines of JSON on standard input and
 * prints every status as a line.
 */
const [directory = '', path = '', how = ''] = process.argv.slice(2);
const environment = { PATH: path, HOME: process.env.HOME ?? '/root' };
const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => log };
const engine = createLocalEngine({
  directory,
  concurrency: 1,
  runtime:
    how === 'podman'
      ? createContainerRuntime({ command: 'podman', environment, directory })
      : createHostRuntime({ path, namespaces: how === 'true' }),
  log,
});

void engine.watch(
  ({ name, status }) => process.stdout.write(`${JSON.stringify({ name, status })}\n`),
  new AbortController().signal,
);
process.stdin.setEncoding('utf8');
let rest = '';
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const { cancel, run } = JSON.parse(line);
    if (cancel !== undefined) await engine.cancel(cancel, 'octocat', 'tired of it');
    else await engine.submit(run, {});
  }
}
