import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebServer {
  /** The port that was given, or found when it was 0. */
  readonly port: number;
  /** Takes no more requests, lets those under way end, and cuts what has not ended after `graceMilliseconds`. */
  close(): Promise<void>;
}

export interface WebServerOptions {
  readonly listener: RequestListener;
  readonly port: number;
  /** All addresses when absent. */
  readonly host?: string;
  /** 5,000. */
  readonly graceMilliseconds?: number;
}

/** Resolves once requests are taken; rejects when the port cannot be had. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { listener, port, host, graceMilliseconds = 5_000 } = options;
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    // A server that listens on a port, not on a pipe, has such an address.
    port: (server.address() as AddressInfo).port,
    async close() {
      const deadline = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      clearTimeout(deadline);
    },
  };
}
