import type { ServerResponse } from 'node:http';
import type { Log } from '../app/ports.ts';
import { send, TEXT } from './send.ts';

/** What must be true before requests should come, by a name that an operator understands: `engine`, `first list of runs`. */
export type ReadyChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

/** The process answers: that is all it says. */
export function answerHealth(response: ServerResponse): void {
  send(response, { status: 200, type: TEXT, body: 'ok\n' });
}

/** 200 when every check is true; else 503 and which are not. A check that rejects is not ready, and the log says why. */
export async function answerReady(response: ServerResponse, checks: ReadyChecks, log: Log): Promise<void> {
  const waiting: string[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      if (!(await check())) waiting.push(name);
    } catch (error) {
      log.warn({ err: error, check: name }, 'readiness cannot be told');
      waiting.push(name);
    }
  }
  if (waiting.length === 0) send(response, { status: 200, type: TEXT, body: 'ok\n' });
  else send(response, { status: 503, type: TEXT, body: `not ready: ${waiting.join(', ')}\n` });
}
