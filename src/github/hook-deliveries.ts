import { z } from 'zod';
import type { Deliveries } from '../app/github-ports.ts';
import type { GitHubClients } from './clients.ts';
import { readAnswer } from './read-answer.ts';

/** https://docs.github.com/rest/apps/webhooks#list-deliveries-for-an-app-webhook */
const LIST = 'GET /app/hook/deliveries';
/** Not typed as a route: ids are texts here. */
const REDELIVER: string = 'POST /app/hook/deliveries/{delivery_id}/attempts';

const PAGE = 100;

const page = z.array(
  z.object({
    id: z.string().min(1),
    guid: z.string().min(1),
    delivered_at: z.iso.datetime({ offset: true }),
    status_code: z.number(),
    event: z.string(),
    installation_id: z.union([z.string(), z.number()]).nullish(),
  }),
);

/** The app's own deliveries, as the app itself may list them. */
export function createHookDeliveries(clients: GitHubClients): Deliveries {
  return {
    async page(cursor) {
      const { data, headers } = await clients.app().request(LIST, {
        per_page: PAGE,
        ...(cursor === null ? {} : { cursor }),
        request: { parseSuccessResponseBody: false },
      });
      // With that option the data is the answer's body, unread.
      const text = await new Response(data as unknown as ReadableStream).text();
      const attempts = readAnswer(page, parse(text), LIST).map((item) => ({
        id: item.id,
        guid: item.guid,
        deliveredAt: new Date(item.delivered_at),
        succeeded: item.status_code >= 200 && item.status_code < 300,
        event: item.event,
        installationId: item.installation_id == null ? null : Number(item.installation_id),
      }));
      return { attempts, next: nextCursor(headers.link) };
    },
    async redeliver(id) {
      await clients.app().request(REDELIVER, { delivery_id: id });
    },
  };
}

/** GitHub documents ids of 64 bits; JavaScript's numbers hold 53, so an id stays the text that was sent. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown, context?: { readonly source?: string }) =>
      key === 'id' && typeof value === 'number' ? (context?.source ?? String(value)) : value,
    );
  } catch {
    return null;
  }
}

/** The cursor of the page that `Link` calls the next: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function nextCursor(link: string | undefined): string | null {
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(link ?? '') ?? [];
  return address === undefined || !URL.canParse(address) ? null : new URL(address).searchParams.get('cursor');
}
