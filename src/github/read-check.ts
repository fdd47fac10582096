import { z } from 'zod';
import type { ClickedCheck, GitHubEvent } from '../core/plan/event.ts';
import { account, id, ignored, origin, personOf, readPayload, repositoryOf, sha } from './event-payload.ts';
import type { Delivery } from './webhook-handler.ts';

/** https://docs.github.com/webhooks/webhook-events-and-payloads#check_run */
const checkRunPayload = origin.extend({
  check_run: z.object({
    id,
    name: z.string(),
    external_id: z.string().nullish(),
    head_sha: sha,
    status: z.string(),
    app: z.object({ id }).nullable(),
    check_suite: z.object({ head_branch: z.string().nullish() }).nullish(),
  }),
  requested_action: z.object({ identifier: z.string() }).nullish(),
  sender: account.optional(),
});

/** https://docs.github.com/webhooks/webhook-events-and-payloads#check_suite */
const checkSuitePayload = origin.extend({
  check_suite: z.object({
    head_sha: sha,
    head_branch: z.string().nullish(),
    app: z.object({ id }).nullable(),
  }),
  sender: account.optional(),
});

/** Reduces a `check_run` to a click on a check of the app's own. */
export function readCheckRun(delivery: Delivery, appId: number): GitHubEvent {
  const { action } = delivery.payload;
  if (action !== 'rerequested' && action !== 'requested_action') {
    return ignored(delivery, `check_run ${String(action)} is our own doing, or another app's`);
  }
  const read = readPayload(checkRunPayload, delivery);
  if ('ignored' in read) return read.ignored;
  const { check_run: run, requested_action: button, sender } = read.payload;
  if (run.app?.id !== appId) return ignored(delivery, 'the check is of another app');
  const click = {
    deliveryId: delivery.id,
    repository: repositoryOf(read.payload),
    sha: run.head_sha,
    check: clickedCheck(run),
    sender: personOf(sender),
  };
  if (action === 'rerequested')
    return { kind: 'rerun', ...click, branch: run.check_suite?.head_branch ?? null };
  if (button == null) return ignored(delivery, 'nobody says which button was pressed');
  return { kind: 'button', ...click, button: button.identifier };
}

/** Reduces a `check_suite` to a click on *Re-run all checks*. */
export function readCheckSuite(delivery: Delivery, appId: number): GitHubEvent {
  const { action } = delivery.payload;
  if (action !== 'rerequested')
    return ignored(delivery, `check_suite ${String(action)}: a push tells the same`);
  const read = readPayload(checkSuitePayload, delivery);
  if ('ignored' in read) return read.ignored;
  const { check_suite: suite, sender } = read.payload;
  if (suite.app?.id !== appId) return ignored(delivery, 'the checks are of another app');
  return {
    kind: 'rerun',
    deliveryId: delivery.id,
    repository: repositoryOf(read.payload),
    sha: suite.head_sha,
    branch: suite.head_branch ?? null,
    check: null,
    sender: personOf(sender),
  };
}

function clickedCheck(run: z.infer<typeof checkRunPayload>['check_run']): ClickedCheck {
  return {
    id: run.id,
    name: run.name,
    externalId: run.external_id ?? '',
    completed: run.status === 'completed',
  };
}
