import { readFileSync } from 'node:fs';

export interface ExampleDelivery {
  readonly name: string;
  readonly payload: Record<string, unknown>;
}

interface Examples {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}

/**
 * GitHub's own examples of every webhook, as an app gets them: with its installation, which most of them lack. Beside them those that are
 * missing there: a comment on a pull request, a merge group that is destroyed, and an edit of a pull request's base.
 */
export function exampleDeliveries(): readonly ExampleDelivery[] {
  const all = JSON.parse(
    readFileSync(
      new URL('../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url),
      'utf8',
    ),
  ) as Examples[];
  const known = all.flatMap(({ name, examples }) =>
    examples.map((payload): ExampleDelivery => ({ name, payload: { installation: { id: 2 }, ...payload } })),
  );
  const like = (name: string, action: string) =>
    known.find((example) => example.name === name && example.payload.action === action)?.payload ?? {};
  return [...known, ...missing(like)];
}

function missing(like: (name: string, action: string) => Record<string, unknown>): ExampleDelivery[] {
  const comment = like('issue_comment', 'created');
  const url = 'https://api.github.com/repos/Codertocat/Hello-World/pulls/1';
  const issue = { ...(comment.issue as object), pull_request: { url } };
  const group = like('merge_group', 'checks_requested');
  const reasons = ['merged', 'invalidated', 'dequeued'];
  const edit = { base: { ref: { from: 'main' }, sha: { from: '0'.repeat(40) } } };
  return [
    // https://docs.github.com/webhooks/webhook-events-and-payloads#issue_comment
    { name: 'issue_comment', payload: { ...comment, issue } },
    // https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
    ...reasons.map((reason) => ({
      name: 'merge_group',
      payload: { ...group, action: 'destroyed', reason },
    })),
    // https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request
    {
      name: 'pull_request',
      payload: { ...like('pull_request', 'opened'), action: 'edited', changes: edit },
    },
    {
      name: 'pull_request',
      payload: { ...like('pull_request', 'opened'), action: 'edited', changes: { title: { from: 'x' } } },
    },
  ];
}

/** The app that the payload's check is of: it alone is told of clicks. */
export function appOf({ check_run, check_suite }: Record<string, unknown>): number {
  const { app } = (check_run ?? check_suite ?? {}) as { app?: { id: number } | null };
  return app?.id ?? 1;
}
