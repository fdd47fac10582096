import { constants } from 'node:os';
import type { Channel } from './output.ts';
import type { SignalName, Signals } from './ports.ts';

export interface Interruption {
  /** Aborted by the first signal; the reason is its name, as people say it. */
  readonly signal: AbortSignal;
  /** Resolves at the second signal. */
  readonly forced: Promise<'forced'>;
  /** What a shell reports of a process that the signal ended: 128 and its number. */
  exitCode(): number;
  release(): void;
}

/** Takes Ctrl-C and TERM over: the first asks for an orderly end, the second for one at once. */
export function takeInterrupts(signals: Signals, err: Channel): Interruption {
  const first = new AbortController();
  const forced = Promise.withResolvers<'forced'>();
  let received: SignalName = 'SIGINT';
  const release = signals.listen((name) => {
    if (first.signal.aborted) {
      // A third one ends this process as if nothing listened.
      release();
      return forced.resolve('forced');
    }
    received = name;
    err.write(
      name === 'SIGINT'
        ? '\nending the steps; Ctrl-C again ends them at once\n'
        : `\n${name}: ending the steps\n`,
    );
    first.abort(name === 'SIGINT' ? 'Ctrl-C' : name);
  });
  return {
    signal: first.signal,
    forced: forced.promise,
    exitCode: () => 128 + constants.signals[received],
    release,
  };
}
