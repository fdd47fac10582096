import type { TurnVerdict } from '../app/ports.ts';
import type { RunName } from '../core/pipeline/run.ts';
import type { KubeClient } from './kube-client.ts';
import { statusOf } from './kube-error.ts';
import { CUSTOM_RUNS, pathOf } from './resources.ts';
import { listField } from './status/fields.ts';
import { readTurn, type TurnFacts } from './turn-facts.ts';
import { writeTurn } from './turn-status.ts';

export interface TurnAnswer {
  readonly namespace: string;
  readonly run: RunName;
  readonly target: string;
  readonly verdict: TurnVerdict;
  readonly now: Date;
}

/** Changes of others that an answer may meet. */
const ATTEMPTS = 4;

/** Answers a turn as it is now at the server. Nothing happens to one that has ended, is to end, or is gone. */
export async function answerTurn(client: KubeClient, answer: TurnAnswer): Promise<void> {
  for (let attempt = 1; !(await isAnswered(client, answer)); attempt += 1) {
    if (attempt === ATTEMPTS) throw new Error(`The turn of ${answer.run} changes too often to be answered`);
  }
}

/** False when it was changed meanwhile. */
async function isAnswered(client: KubeClient, answer: TurnAnswer): Promise<boolean> {
  const { namespace, verdict, now } = answer;
  const turn = await find(client, answer);
  if (turn === undefined || turn.ended || turn.unwanted !== null) return true;
  try {
    await writeTurn(client, { namespace, turn, now }, { kind: 'answered', verdict });
    return true;
  } catch (error) {
    if (statusOf(error) === 409) return false;
    if (statusOf(error) === 404) return true;
    throw error;
  }
}

async function find(
  client: KubeClient,
  { namespace, run, target }: TurnAnswer,
): Promise<TurnFacts | undefined> {
  const list = await client.request({
    method: 'GET',
    path: pathOf(CUSTOM_RUNS, namespace),
    query: { labelSelector: `tekton.dev/pipelineRun=${run}` },
  });
  return listField(list, 'items')
    .flatMap((object) => readTurn(object) ?? [])
    .find((turn) => turn.target === target);
}
