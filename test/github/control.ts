import { type Answer, Refusal } from './answer.ts';
import type { NewApp } from './apps.ts';
import type { Delivery } from './deliveries.ts';
import type { GitHub } from './github.ts';
import type { CommitOptions, NewRepository } from './repositories.ts';
import type { Json } from './world.ts';

/** Answers what is asked below `/_control/`: how another process plays the people and the clock of this GitHub. */
export type Control = (method: string, url: URL, body: Json) => Promise<Answer>;

type Action = (github: GitHub, asked: { readonly query: URLSearchParams; readonly body: Json }) => unknown;

/** Bodies are taken on trust: who reaches loopback and this stand-in is its owner. */
const ACTIONS: Readonly<Record<string, Action>> = {
  'POST apps': (github, { body }) => github.createApp(body as unknown as NewApp),
  'PUT webhook': (github, { body }) => {
    github.setWebhook(text(body.url), body.secret === undefined ? undefined : text(body.secret));
    return {};
  },
  'POST repositories': (github, { body }) => github.createRepository(body as unknown as NewRepository),
  'POST pushes': async (github, { body }) => {
    const { repository, ...commit } = body;
    const { delivery, ...pushed } = await github.pushFiles(
      text(repository),
      commit as unknown as CommitOptions,
    );
    return { ...pushed, delivery: summaryOf(await delivery) };
  },
  'POST rerequests': async (github, { body }) => summaryOf(await github.rerequestCheck(Number(body.check))),
  'POST redeliveries': async (github, { body }) => summaryOf(await github.redeliver(Number(body.id))),
  'GET checks': (github, { query }) =>
    github.checks(query.get('repository') ?? '', query.get('sha') ?? undefined),
  'GET deliveries': (github) =>
    github.deliveries.map((delivery) => ({ ...summaryOf(delivery), payload: delivery.payload })),
  'GET requests': (github) => github.requests,
  'GET violations': (github) => github.violations,
};

export function createControl(github: GitHub): Control {
  return async (method, url, body) => {
    const action = ACTIONS[`${method} ${url.pathname.slice('/_control/'.length)}`];
    if (action === undefined) throw new Refusal(404, `Known are: ${Object.keys(ACTIONS).join(', ')}`);
    return { status: 200, body: await action(github, { query: url.searchParams, body }) };
  };
}

function summaryOf(delivery: Delivery | null): Json | null {
  if (delivery === null) return null;
  const { id, guid, event, action, status, statusCode, redelivery, deliveredAt, durationMs } = delivery;
  return { id, guid, event, action, status, statusCode, redelivery, deliveredAt, durationMs };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Refusal(422, 'A text is missing');
  return value;
}
