import { checkJson, suiteJson } from './check-json.ts';
import { type CheckState, type SuiteState, suiteVerdict } from './check-store.ts';
import { allows } from './credentials.ts';
import type { Delivery } from './deliveries.ts';
import { announce, type Parts } from './parts.ts';
import { pullReferences } from './pull-json.ts';
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
  const { world, checks, issues } = parts;
  const suite = checks.suites.get(check.suiteId);
  if (suite === undefined) throw new Error(`check ${check.id} has no suite`);
  if (button !== undefined) needButton(check, button);
  const runs = [...checks.runs.values()].filter(({ suiteId }) => suiteId === suite.id);
  const { repository, headSha: sha } = suite;
  const checkRun = {
    ...checkJson(parts, check),
    check_suite: {
      id: suite.id,
      node_id: nodeId('CheckSuite', suite.id),
      head_branch: suite.headBranch,
      head_sha: suite.headSha,
      ...suiteVerdict(runs),
      before: suite.before,
      after: suite.headSha,
      pull_requests: pullReferences(world, issues.pulls, { repository, sha }),
    },
  };
  const clicked = action === 'rerequested' || action === 'requested_action';
  const sent = announce(parts, {
    event: 'check_run',
    action,
    repository,
    sender: sender ?? account(world, `${suite.app.slug}[bot]`),
    to: (app) => (clicked ? app === suite.app : allows(app.permissions, 'checks', 'read')),
    fields: () => ({
      check_run: checkRun,
      ...(button === undefined ? {} : { requested_action: { identifier: button } }),
    }),
  });
  return Promise.all(sent);
}

/** Somebody presses *Re-run all checks*: its app alone is told. */
export async function announceSuiteRerun(
  parts: Parts,
  suite: SuiteState,
  sender: Account,
): Promise<(Delivery | null)[]> {
  const { repository, headSha, app } = suite;
  const head = await repository.git.commit(headSha);
  if (head === null) throw new Error(`there is no commit ${headSha}`);
  const { status: _, conclusion: __, ...rest } = suiteJson(parts, suite, head);
  const sent = announce(parts, {
    event: 'check_suite',
    action: 'rerequested',
    repository,
    sender,
    to: (one) => one === app,
    // The suite is queued again; its runs stay as they are.
    fields: () => ({ check_suite: { ...rest, status: 'queued', conclusion: null } }),
  });
  return await Promise.all(sent);
}

/** GitHub shows the buttons of a completed check only. */
function needButton({ id, status, actions }: CheckState, button: string): void {
  if (status !== 'completed' || !actions.some(({ identifier }) => identifier === button)) {
    throw new Error(`check ${id} shows no button ${button}`);
  }
}
