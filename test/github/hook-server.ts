import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedHook {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Where webhooks go when there is no app: keeps them, and answers as it is told. */
export interface HookServer {
  readonly url: string;
  readonly received: ReceivedHook[];
  /** 200 until it is told otherwise. */
  answerWith(answer: (response: ServerResponse) => void): void;
  close(): void;
}

export async function startHookServer(): Promise<HookServer> {
  const received: ReceivedHook[] = [];
  let answer = (response: ServerResponse): void => {
    response.end('noted');
  };
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answerWith(changed) {
      answer = changed;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
