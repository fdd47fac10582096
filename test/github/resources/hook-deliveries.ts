import { type Answer, notFound, Refusal } from '../answer.ts';
import type { Delivery } from '../deliveries.ts';
import { type AppCall, numberOf, type Route, textOf, withQuery } from '../route.ts';
import { type Json, timestamp } from '../world.ts';

export const hookDeliveryRoutes: readonly Route[] = [
  { operation: 'apps/list-webhook-deliveries', as: 'app', handle: listDeliveries },
  {
    operation: 'apps/get-webhook-delivery',
    as: 'app',
    handle: (call) => {
      const delivery = deliveryOf(call);
      const { headers, payload, response } = delivery;
      const body = {
        ...itemJson(delivery),
        url: delivery.url,
        request: { headers, payload },
        response: { headers: response?.headers ?? null, payload: response?.body ?? null },
      };
      return { status: 200, body };
    },
  },
  {
    operation: 'apps/redeliver-webhook-delivery',
    as: 'app',
    handle: (call) => {
      // Accepted, not awaited: how it ends is seen in the list.
      void call.deliveries.redeliver(deliveryOf(call));
      return { status: 202, body: {} };
    },
  },
];

/** Deliveries are kept for three days: https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/viewing-webhook-deliveries */
const KEPT = 3 * 24 * 3_600_000;

/** Newest first, in pages that a cursor leads through. */
function listDeliveries(call: AppCall): Answer {
  const { world, parameters } = call;
  const size = Math.min(Math.max(numberOf(parameters, 'per_page') ?? 30, 1), 100);
  const cursor = textOf(parameters, 'cursor');
  const all = kept(call).filter(
    ({ statusCode }) =>
      parameters.status === undefined || (parameters.status === 'success') === isSuccess(statusCode),
  );
  const start = cursor === undefined ? 0 : all.findIndex(({ id }) => `v1_${id}` === cursor);
  if (start < 0) throw new Refusal(422, 'Invalid cursor');
  const next = all[start + size];
  const url = `${world.url}/api/v3/app/hook/deliveries`;
  const link = next && `<${withQuery(call, url, { cursor: `v1_${next.id}` })}>; rel="next"`;
  return {
    status: 200,
    headers: link === undefined ? {} : { link },
    body: all.slice(start, start + size).map(itemJson),
  };
}

function kept({ world, app, deliveries }: AppCall): Delivery[] {
  const since = world.now().getTime() - KEPT;
  return deliveries.all
    .filter((delivery) => delivery.app === app && delivery.deliveredAt.getTime() >= since)
    .sort((a, b) => b.id - a.id);
}

function deliveryOf(call: AppCall): Delivery {
  const delivery = kept(call).find(({ id }) => id === call.parameters.delivery_id);
  if (delivery === undefined) throw notFound();
  return delivery;
}

function isSuccess(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300;
}

function itemJson(delivery: Delivery): Json {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: timestamp(delivery.deliveredAt),
    redelivery: delivery.redelivery,
    duration: delivery.durationMs / 1000,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}
