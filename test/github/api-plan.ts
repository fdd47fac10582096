import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, Refusal } from './answer.ts';
import { identify } from './credentials.ts';
import type { Graphql } from './graphql.ts';
import type { JsonBody } from './http-json.ts';
import { byName, movedAnswer } from './renames.ts';
import type { RequestRecord } from './requests.ts';
import type { Rest } from './rest.ts';
import type { World } from './world.ts';

export interface ApiServices {
  readonly world: World;
  readonly rest: Rest;
  readonly graphql: Graphql;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonBody;
}

export interface Plan {
  /** What the request is, known before anything is done about it. */
  readonly described: Omit<RequestRecord, 'at' | 'installation' | 'status'>;
  /** @throws Refusal */
  work(record: RequestRecord): Promise<Answer>;
}

/** Which of the APIs a request is for, and what answering it means. */
export function planOf({ rest, graphql, world }: ApiServices, { method, url, headers, body }: Asked): Plan {
  const path = url.pathname;
  const query = Object.fromEntries(url.searchParams);
  const described = { method, path, query, body: body.value ?? null };
  if (path === '/api/graphql' && method === 'POST') {
    return {
      described: { ...described, kind: 'graphql', operation: 'graphql', route: path },
      async work(record) {
        if (body.malformed) throw unreadable();
        const caller = identify(world, headers.authorization);
        if (caller.kind === 'installation') record.installation = caller.token.installation.id;
        return await graphql(caller, body.value);
      },
    };
  }
  if (path.startsWith('/api/v3/')) {
    const moved = movedAnswer(world, method, url);
    const below = byName(world, path.slice('/api/v3'.length));
    const match = rest.match(method, below);
    const { operation = null, route = null } = match ?? {};
    return {
      described: { ...described, kind: 'rest', operation, route },
      async work(record) {
        if (moved !== null) return moved;
        if (body.malformed) throw unreadable();
        const asked = { method, path: below, query: url.searchParams, headers, body: body.value };
        return await rest.answer(asked, match, record);
      },
    };
  }
  return {
    described: { ...described, kind: 'unknown', operation: null, route: null },
    work: () => Promise.reject(new Refusal(404, 'Not Found')),
  };
}

function unreadable(): Refusal {
  return new Refusal(400, 'Problems parsing JSON');
}
