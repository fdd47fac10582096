import type { ServerResponse } from 'node:http';
import type { RunWatches } from './run-watch.ts';
import { isHead, send, TEXT } from './send.ts';

/** Streams of server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface RunEvents {
  /** Tells a page all that changes of its run, until it is over, or the reader leaves; 503 when too many read already. */
  open(response: ServerResponse, name: string): void;
  /** Ends all streams; pages come again by themselves, to whoever serves then. */
  close(): void;
}

export interface RunEventsOptions {
  readonly watches: RunWatches;
  /** 1,000 */
  readonly mostStreams?: number;
  /** 200 */
  readonly mostStreamsOfRun?: number;
  /** 15,000: proxies end what is silent for half a minute or longer. */
  readonly heartbeatMs?: number;
}

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Proxies hold nothing back: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  'X-Accel-Buffering': 'no',
};

export function createRunEvents(options: RunEventsOptions): RunEvents {
  const { watches, mostStreams = 1_000, mostStreamsOfRun = 200, heartbeatMs = 15_000 } = options;
  const streams = new Map<ServerResponse, string>();
  let closed = false;

  function isFull(name: string): boolean {
    const ofRun = [...streams.values()].filter((other) => other === name).length;
    return closed || streams.size >= mostStreams || ofRun >= mostStreamsOfRun;
  }

  return {
    open(response, name) {
      if (isHead(response)) return void response.writeHead(200, HEADERS).end();
      if (isFull(name)) {
        const headers = { 'Retry-After': '30' };
        return send(response, { status: 503, type: TEXT, body: 'too many readers\n', headers });
      }
      streams.set(response, name);
      response.writeHead(200, HEADERS).write('retry: 2000\n\n');
      const tell = latestOnly(response);
      const leave = watches.follow(name, {
        changed: (state) => tell(`data: ${state}\n\n`),
        ended: () => response.end('event: end\ndata: {}\n\n'),
      });
      const heartbeat = setInterval(() => {
        if (!response.writableNeedDrain) response.write(':\n\n');
      }, heartbeatMs);
      response.on('close', () => {
        clearInterval(heartbeat);
        leave();
        streams.delete(response);
      });
    },
    close() {
      closed = true;
      for (const response of streams.keys()) response.end();
    },
  };
}

/** Every event says all, so a reader who is slow is told the last one only: nothing piles up for them. */
function latestOnly(response: ServerResponse): (event: string) => void {
  let waiting: string | null = null;
  response.on('drain', () => {
    if (waiting !== null) response.write(waiting);
    waiting = null;
  });
  return (event) => {
    if (response.writableEnded) return;
    if (response.writableNeedDrain) waiting = event;
    else response.write(event);
  };
}
