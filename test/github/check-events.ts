import { checkJson } from './check-json.ts';
import { type CheckState, suiteVerdict } from './check-store.ts';
import { allows } from './credentials.ts';
import type { Delivery } from './deliveries.ts';
import { announce, type Parts } from './parts.ts';
import { type Account, account, nodeId } from './world.ts';

export type CheckAction = 'created' | 'completed' | 'rerequested' | 'requested_action';

export interface CheckEvent {
  readonly action: CheckAction;
  /** Who clicked; the app itself when nobody did. */
  readonly sender?: Account;
  /** The identifier of the button. */
  readonly button?: string;
}

/** Tells of a check what GitHub tells: everybody that it was made or completed, its own app that someone clicked. */
export function announceCheck(
  parts: Parts,
  check: CheckState,
  { action, sender, button }: CheckEvent,
): Promise<(Delivery | null)[]> {
  const { world, checks } = parts;
  const suite = checks.suites.get(check.suiteId);
  if (suite === undefined) throw new Error(`check ${check.id} has no suite`);
  const runs = [...checks.runs.values()].filter(({ suiteId }) => suiteId === suite.id);
  const checkRun = {
    ...checkJson(world, checks, check),
    check_suite: {
      id: suite.id,
      node_id: nodeId('CheckSuite', suite.id),
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      ...suiteVerdict(runs),
      before: suite.before,
      after: suite.headSha,
      pull_requests: [],
    },
  };
  const clicked = action === 'rerequested' || action === 'requested_action';
  const sent = announce(parts, {
    event: 'check_run',
    action,
    repository: suite.repository,
    sender: sender ?? account(world, `${suite.app.slug}[bot]`),
    to: (app) => (clicked ? app === suite.app : allows(app.permissions, 'checks', 'read')),
    fields: () => ({
      check_run: checkRun,
      ...(button === undefined ? {} : { requested_action: { identifier: button } }),
    }),
  });
  return Promise.all(sent);
}
