import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';

/** What becomes of a request: it goes on, is refused, is not answered although it was obeyed, or waits so many milliseconds. */
export type Fate =
  | 'pass'
  | { readonly status: number; readonly code: string }
  | 'lost answer'
  | 'cut'
  | { readonly waits: number };

/** Lies between us and an S3 server, and fails where the server itself cannot be told to. */
export interface S3Proxy {
  readonly endpoint: string;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** Says what becomes of each request from now on. */
  fate(decide: (request: string) => Fate): void;
  close(): Promise<void>;
}

export async function startS3Proxy(to: number): Promise<S3Proxy> {
  const requests: string[] = [];
  let decide: (request: string) => Fate = () => 'pass';

  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    const fate = decide(asked);
    const serve = async () => {
      if (typeof fate === 'object' && 'status' in fate) {
        request.resume();
        await once(request, 'end');
        const body = `<?xml version="1.0"?><Error><Code>${fate.code}</Code><Message>by the test</Message></Error>`;
        response.writeHead(fate.status, { 'content-type': 'application/xml' }).end(body);
        return;
      }
      if (fate === 'cut') return void request.socket.destroy();
      if (typeof fate === 'object') await new Promise((resolve) => setTimeout(resolve, fate.waits));
      const { method, url: path, headers } = request;
      // The signature is of the host that was asked.
      const forwarded = send({ host: '127.0.0.1', port: to, method, path, headers, agent: false });
      request.pipe(forwarded);
      const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
      if (fate === 'lost answer') {
        answer.resume();
        await once(answer, 'end');
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    };
    serve().catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests,
    fate(next) {
      decide = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
