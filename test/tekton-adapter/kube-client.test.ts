import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Cluster } from '@kubernetes/client-node';
import { createKubeClient } from '../../src/tekton/kube-client.ts';
import { Http1KubeConfig } from '../../src/tekton/kube-config.ts';

const TUNNEL = 'CONNECT ';

let server: Server;
let hello: Promise<string>;

/** Hears how a TLS connection begins, as an API server or as the proxy before one, and ends it there. */
beforeEach(async () => {
  server = createServer();
  hello = new Promise((resolve) => {
    server.on('connection', (socket: Socket) => {
      socket.on('data', (bytes) => {
        const text = bytes.toString('latin1');
        if (text.startsWith(TUNNEL)) return void socket.write('HTTP/1.1 200 OK\r\n\r\n');
        resolve(text);
        socket.destroy();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

test.each<[string, (origin: string) => Partial<Cluster>]>([
  ['whose certificate anybody has signed', () => ({ skipTLSVerify: true })],
  ['whose certificate an authority of the system has signed', () => ({})],
  ['behind a proxy', (origin) => ({ skipTLSVerify: true, proxyUrl: origin })],
])('an API server %s is spoken to in HTTP/1.1 alone', async (_which, settingsFor) => {
  const { port } = server.address() as AddressInfo;
  const kubeConfig = new Http1KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    {
      name: 'one',
      server: `https://127.0.0.1:${port}`,
      ...settingsFor(`http://127.0.0.1:${port}`),
    } as Cluster,
    { name: 'me', token: 'secret' },
  );

  const asked = createKubeClient(kubeConfig, 5_000).request({ method: 'GET', path: '/version' });

  await expect(asked).rejects.toThrow();
  expect(protocolsIn(await hello)).toBe('\x08http/1.1');
});

/** What a client offers: each name after its length, all of them after theirs. https://www.rfc-editor.org/rfc/rfc7301#section-3.1 */
function protocolsIn(clientHello: string): string {
  const start = clientHello.indexOf('\x08http/1.1');
  return clientHello.slice(start, start + clientHello.charCodeAt(start - 1));
}
