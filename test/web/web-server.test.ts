import type { ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { startWebServer } from '../../src/web/web-server.ts';
import { ask, until } from './test-site.ts';

describe('startWebServer', () => {
  test('lets a request under way end, and cuts one that does not', async () => {
    const under = new Map<string | undefined, ServerResponse>();
    const server = await startWebServer({
      port: 0,
      host: '127.0.0.1',
      graceMilliseconds: 200,
      listener: ({ url }, response) => {
        response.flushHeaders();
        under.set(url, response);
      },
    });
    const ends = ask('GET', '/ends', server.port);
    const hangs = ask('GET', '/hangs', server.port).catch(() => 'cut');
    await until(() => under.size === 2);

    const closed = server.close();
    under.get('/ends')?.end('done');

    expect((await ends).body).toBe('done');
    expect(await hangs).toBe('cut');
    await closed;
    await expect(ask('GET', '/', server.port)).rejects.toThrow('ECONNREFUSED');
  });

  test('a port that is taken is an error at once', async () => {
    const server = await startWebServer({ port: 0, host: '127.0.0.1', listener: () => {} });

    await expect(
      startWebServer({ port: server.port, host: '127.0.0.1', listener: () => {} }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await server.close();
  });
});
