import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createRecordingCli, runCli } from './recording-cli.ts';
import { temporaryDirectory } from './temporary-repository.ts';

describe('server', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'closes on %s and ends with exit code 0, having printed nothing',
    async (signal) => {
      const started = Promise.withResolvers<void>();
      let closed = false;
      const cli = createRecordingCli(temporaryDirectory(), {
        async startServer() {
          started.resolve();
          const close = async () => {
            closed = true;
          };
          return { url: 'http://localhost:3000', close };
        },
      });
      const running = runCli(cli, 'server');
      await started.promise;

      cli.send(signal);

      expect(await running).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      expect(closed).toBe(true);
      expect(cli.send(signal)).toBe(false);
    },
  );

  test('ends after a start that a signal came into', async () => {
    const cli = createRecordingCli(temporaryDirectory(), {
      async startServer() {
        cli.send('SIGTERM');
        return { url: 'http://localhost:3000', close: async () => {} };
      },
    });

    expect(await runCli(cli, 'server')).toMatchObject({ exitCode: 0 });
  });

  test('does not wait for longer than ten seconds, and says what that means', async () => {
    jest.useFakeTimers();
    const closing = Promise.withResolvers<void>();
    const cli = createRecordingCli(temporaryDirectory(), {
      async startServer() {
        cli.send('SIGTERM');
        const close = () => {
          closing.resolve();
          return new Promise<never>(() => {});
        };
        return { url: 'http://localhost:3000', close };
      },
    });
    const running = runCli(cli, 'server');
    await closing.promise;

    await jest.advanceTimersByTimeAsync(10_000);

    expect(await running).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('did not end in time'),
    });
  });
});
