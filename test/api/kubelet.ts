import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { KubeClient } from '../../src/tekton/kube-client.ts';
import { MERGE_PATCH } from '../../src/tekton/resources.ts';
import type { PlaneAddress } from './control-plane.ts';

/** The log of one container, as the kubelet keeps it. */
export interface ContainerLog {
  /** `at` is written before the line, to the nanosecond. */
  write(at: string, text: string): void;
  /** Bytes of a line that goes on. */
  writePart(bytes: string): void;
  /** What came before is in another file now, which is not read any more. */
  rotate(): void;
  end(): void;
  /** Ends the connections of its readers, without a word. */
  cut(): void;
  /** Of each read that begins after this, only so many bytes come, and then its end, as if that were all. */
  stopAfter(bytes: () => number): void;
  /** The `sinceTime` of each read so far. */
  readonly reads: readonly (string | null)[];
}

/** The part of a node that logs are read from. */
export interface Kubelet {
  readonly node: string;
  log(pod: string, container: string): ContainerLog;
  close(): Promise<void>;
}

interface Stored {
  text: string;
  ended: boolean;
  readonly reads: (string | null)[];
  readonly readers: Set<ServerResponse>;
  stopAfter: () => number;
}

/** A node whose kubelet is played: it gives a container's log from the whole second of `sinceTime` on, as the real one does. */
export async function startKubelet(admin: KubeClient, { certificates }: PlaneAddress): Promise<Kubelet> {
  const logs = new Map<string, Stored>();
  const server = createServer({
    key: readFileSync(join(certificates, 'apiserver.key')),
    cert: readFileSync(join(certificates, 'apiserver.crt')),
  });
  server.on('request', (request, response: ServerResponse) => {
    const url = new URL(request.url ?? '', 'https://kubelet');
    const [pod = '', container = ''] = url.pathname.split('/').slice(-2);
    const stored = logs.get(`${pod}/${container}`);
    if (stored === undefined) {
      response.writeHead(404).end(`pod "${pod}" does not exist`);
      return;
    }
    const since = url.searchParams.get('sinceTime');
    stored.reads.push(since);
    response.writeHead(200, { 'content-type': 'text/plain' });
    const text = linesSince(stored.text, since);
    const stop = stored.stopAfter();
    response.write(text.slice(0, stop));
    if (stop < text.length || stored.ended || url.searchParams.get('follow') !== 'true') response.end();
    else stored.readers.add(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const node = `node-${randomBytes(4).toString('hex')}`;
  await admin.request({ method: 'POST', path: '/api/v1/nodes', body: { metadata: { name: node } } });
  await admin.request({
    method: 'PATCH',
    path: `/api/v1/nodes/${node}/status`,
    contentType: MERGE_PATCH,
    body: {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: typeof address === 'object' ? address?.port : 0 } },
      },
    },
  });
  return {
    node,
    log(pod, container) {
      const stored: Stored = {
        text: '',
        ended: false,
        reads: [],
        readers: new Set(),
        stopAfter: () => Number.POSITIVE_INFINITY,
      };
      logs.set(`${pod}/${container}`, stored);
      return logOf(stored);
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function logOf(stored: Stored): ContainerLog {
  const append = (text: string) => {
    stored.text += text;
    for (const reader of stored.readers) reader.write(text);
  };
  const leave = (how: (reader: ServerResponse) => void) => {
    for (const reader of stored.readers) how(reader);
    stored.readers.clear();
  };
  return {
    reads: stored.reads,
    write: (at, text) => append(`${at} ${text}\n`),
    writePart: append,
    rotate() {
      stored.text = '';
    },
    end() {
      stored.ended = true;
      leave((reader) => reader.end());
    },
    stopAfter(bytes) {
      stored.stopAfter = bytes;
    },
    cut: () => leave((reader) => reader.destroy()),
  };
}

function linesSince(text: string, since: string | null): string {
  if (since === null) return text;
  const second = since.slice(0, 19);
  return text
    .split(/(?<=\n)/)
    .filter((line) => line.slice(0, 19) >= second)
    .join('');
}
