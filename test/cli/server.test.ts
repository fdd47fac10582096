import { describe, expect, test } from '@jest/globals';
import { createRecordingCli, runCli } from './recording-cli.ts';
import { temporaryDirectory } from './temporary-repository.ts';

describe('server', () => {
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
});
