import { existsSync, readFileSync } from 'node:fs';
import { main } from './cli/main.ts';
import { createOutput } from './cli/output.ts';
import type { Cli, Demo, SignalName, Signals } from './cli/ports.ts';
import { UserError } from './core/user-error.ts';

const SIGNALS: readonly SignalName[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const signals: Signals = {
  listen(onSignal) {
    // Node calls listeners of signals with the signal's name.
    const listener = (name: NodeJS.Signals) => onSignal(name as SignalName);
    for (const name of SIGNALS) process.on(name, listener);
    return () => {
      for (const name of SIGNALS) process.off(name, listener);
    };
  },
};

const cli: Cli = {
  output: createOutput(process.stdout, process.stderr),
  directory: process.cwd(),
  environment: process.env,
  stdin: process.stdin,
  signals,
  version: () =>
    String(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version),
  async ask(question, signal) {
    const { askTerminal } = await import('./cli/ask-terminal.ts');
    const interrupt = () => process.kill(process.pid, 'SIGINT');
    return askTerminal({ input: process.stdin, output: process.stderr, interrupt }, question, signal);
  },
  async findRuntime(wanted, directory) {
    const { findRuntime } = await import('./find-runtime.ts');
    return findRuntime({ wanted, directory, environment: process.env });
  },
  async openDemo() {
    const demo = new URL('../demo/index.ts', import.meta.url);
    if (!existsSync(demo)) {
      throw new UserError(
        'demo-missing',
        'the demo comes with a clone of the tekton-ci repository: run it there',
      );
    }
    // Not a part of the package, so its type cannot be imported either.
    return ((await import(demo.href)) as { runDemo: Demo }).runDemo;
  },
  async readEvent(name, payload) {
    const { readEvent } = await import('./github/read-event.ts');
    // Whose checks are clicked does not matter here: no app is asked.
    return readEvent({ id: 'plan', name, payload }, 0);
  },
  async startServer() {
    const { startServer } = await import('./server.ts');
    return startServer(process.env);
  },
};

const exitCode = await main(process.argv.slice(2), cli);
// Pipes are written in the background: what was printed must be out before the process ends.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise((written) => stream.write('', written));
}
process.exit(exitCode);
