import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What lies between an engine and its API server, and can fail. */
export interface Wire {
  readonly port: number;
  /** How many connections were made. */
  connections(): number;
  /** Ends every connection, as a proxy does that is restarted. */
  cut(): void;
  /** Ends every connection and takes no more. */
  block(): void;
  /** Nothing comes through any more, of the connections that are there; nobody is told. */
  freeze(): void;
  open(): void;
  close(): Promise<void>;
}

export async function createWire(to: number, host = '127.0.0.1'): Promise<Wire> {
  const pairs = new Set<{ readonly near: Socket; readonly far: Socket }>();
  let blocked = false;
  let count = 0;
  const server = createServer((near) => {
    count += 1;
    if (blocked) {
      near.destroy();
      return;
    }
    const far = connect(to, host);
    const pair = { near, far };
    pairs.add(pair);
    near.pipe(far).pipe(near);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const cut = () => {
    for (const { near } of pairs) near.destroy();
  };
  return {
    port: address.port,
    connections: () => count,
    cut,
    block() {
      blocked = true;
      cut();
    },
    freeze() {
      for (const { near, far } of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
    },
    open() {
      blocked = false;
    },
    async close() {
      server.close();
      cut();
    },
  };
}
