import { accountJson } from './account-json.ts';
import { checkJson } from './check-json.ts';
import { type CheckState, suiteVerdict } from './check-store.ts';
import { allows } from './credentials.ts';
import type { Delivery } from './deliveries.ts';
import { example } from './examples.ts';
import { announce, type Parts } from './parts.ts';
import { repositoryJson } from './repository-json.ts';
import { type Account, account, type Json, nodeId, type Repository } from './world.ts';

export type CheckAction = 'created' | 'completed' | 'rerequested' | 'requested_action';

export interface CheckEvent {
  /** Who clicked; the app itself when nobody did. */
  readonly sender?: Account;
  /** The identifier of the button. */
  readonly button?: string;
}

/** Tells of a check what GitHub tells: everybody that it was made or completed, its own app that someone clicked. */
export function announceCheck(
  parts: Parts,
  repository: Repository,
  check: CheckState,
  action: CheckAction,
  { sender, button }: CheckEvent = {},
): Promise<(Delivery | null)[]> {
  const { world, checks } = parts;
  const suite = checks.suites.get(check.suiteId);
  if (suite === undefined) throw new Error(`check ${check.id} has no suite`);
  const by = sender ?? account(world, `${suite.app.slug}[bot]`);
  const runs = [...checks.runs.values()].filter(({ suiteId }) => suiteId === suite.id);
  const checkRun = {
    ...checkJson(world, checks, check),
    check_suite: {
      ...(checkJson(world, checks, check).check_suite as Json),
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
  return Promise.all(
    announce(
      parts,
      repository,
      'check_run',
      ({ id }) => ({
        ...example('check_run', (payload) => payload.action === action),
        action,
        check_run: checkRun,
        repository: repositoryJson(world, repository),
        sender: accountJson(world, by),
        installation: { id, node_id: nodeId('IntegrationInstallation', id) },
        ...(button === undefined ? {} : { requested_action: { identifier: button } }),
      }),
      (app) => (clicked ? app === suite.app : allows(app.permissions, 'checks', 'read')),
    ),
  );
}
