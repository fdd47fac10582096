import type { TurnVerdict } from '../app/ports.ts';
import type { KubeClient } from './kube-client.ts';
import { CUSTOM_RUNS, MERGE_PATCH, pathOf } from './resources.ts';
import type { TurnFacts } from './turn-facts.ts';

/** How a turn ends: with an answer, or because nobody waits for one any more. */
export type TurnEnd =
  | { readonly kind: 'answered'; readonly verdict: TurnVerdict }
  | { readonly kind: 'cancelled' | 'timed-out'; readonly message: string };

/**
 * Writes the end of a turn, which Tekton goes on with. Rejects with a `KubeError` 409 when somebody else changed it meanwhile, so that
 * no turn is answered twice. https://tekton.dev/docs/pipelines/customruns/#monitoring-execution-status
 */
export async function writeTurn(
  client: KubeClient,
  { namespace, turn, now }: { readonly namespace: string; readonly turn: TurnFacts; readonly now: Date },
  end: TurnEnd,
): Promise<void> {
  const condition = { type: 'Succeeded', lastTransitionTime: now.toISOString(), ...conditionOf(end) };
  await client.request({
    method: 'PATCH',
    path: pathOf(CUSTOM_RUNS, namespace, turn.name, 'status'),
    contentType: MERGE_PATCH,
    body: {
      metadata: { resourceVersion: turn.version },
      status: {
        completionTime: now.toISOString(),
        conditions: [condition],
        ...(end.kind === 'answered' ? { results: [{ name: 'go', value: end.verdict.go }] } : {}),
      },
    },
  });
}

function conditionOf(end: TurnEnd): { status: string; reason: string; message: string } {
  switch (end.kind) {
    case 'answered': {
      const message = end.verdict.go === 'yes' ? 'The deploy may begin.' : end.verdict.reason;
      return { status: 'True', reason: 'Answered', message };
    }
    case 'cancelled':
      return { status: 'False', reason: 'CustomRunCancelled', message: end.message };
    case 'timed-out':
      return { status: 'False', reason: 'CustomRunTimedOut', message: end.message };
  }
}
