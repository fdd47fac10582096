import type { GitHubEvent, PullRequestEvent, PushEvent } from '../../src/core/plan/event.ts';
import { readEvent } from '../../src/github/read-event.ts';
import type { StoredCheck } from '../app/fakes/fake-checks.ts';
import { FORK, type GitHubState } from './github-state.ts';
import { shaOf } from './letters.ts';

/** What a line needs besides GitHub's state. */
export interface Moment {
  readonly state: GitHubState;
  readonly at: Date;
  /** Of a delivery, never given before. */
  readonly deliveryId: string;
  /** What GitHub shows of ours, oldest first. */
  readonly checks: readonly StoredCheck[];
}

type Words = Readonly<Record<string, string | undefined>>;

interface Kind {
  readonly pattern: RegExp;
  /** Changes GitHub's state, and gives the event that tells of it. */
  readonly happen: (moment: Moment, words: Words) => GitHubEvent;
}

const BY = '(?: by (?<by>\\S+))?';

const KINDS: readonly Kind[] = [
  { pattern: line(`push (?<name>\\S+) (?<letter>[A-Z])(?<forced>, forced)?${BY}`), happen: pushBranch },
  { pattern: line(`delete (?:the tag (?<tag>\\S+)|(?<name>\\S+))${BY}`), happen: deleteRef },
  { pattern: line(`tag (?<name>\\S+) (?<letter>[A-Z])${BY}`), happen: pushTag },
  {
    pattern: line(
      `open (?:draft )?#(?<number>\\d+) (?:(?<owner>\\S+):)?(?<name>\\S+)@(?<letter>[A-Z]) into (?<base>\\S+)${BY}`,
    ),
    happen: openPull,
  },
  { pattern: line(`synchronize #(?<number>\\d+) (?<letter>[A-Z])${BY}`), happen: synchronizePull },
  { pattern: line(`(?<verb>close|reopen|ready) #(?<number>\\d+)${BY}`), happen: changePull },
  { pattern: line(`retarget #(?<number>\\d+) to (?<base>\\S+)${BY}`), happen: retargetPull },
  {
    pattern: line('queue (?:(?<asks>asks)|destroys) (?<letter>[A-Z])(?: \\((?<reason>\\w+)\\))?'),
    happen: queue,
  },
  { pattern: line(`re-run all of (?<letter>[A-Z])${BY}`), happen: rerunAll },
  {
    pattern: line(`re-run (?<first>the first )?(?<check>tekton-ci.*) of (?<letter>[A-Z])${BY}`),
    happen: rerunCheck,
  },
  {
    pattern: line(`press "(?<label>[^"]+)" of (?:(?<check>tekton-ci.*) of )?(?<letter>[A-Z])${BY}`),
    happen: press,
  },
  { pattern: line(`comment "(?<body>[^"]*)" on #(?<number>\\d+)${BY}`), happen: comment },
  { pattern: line('GitHub sends (?<event>\\w+) (?<action>\\w+)(?<other> of another app)?'), happen: send },
];

function line(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

/** Lets what a line says happen at GitHub. */
export function happen(text: string, moment: Moment): GitHubEvent {
  for (const { pattern, happen: act } of KINDS) {
    const words = pattern.exec(text)?.groups;
    if (words !== undefined) return act(moment, words);
  }
  throw new Error(`not a line that is understood: ${text}`);
}

const WRITER = 'octo';

function delivered({ state, deliveryId }: Moment, { by = WRITER }: Words) {
  return { deliveryId, repository: state.repository, sender: state.person(by) };
}

function pushBranch(moment: Moment, words: Words): PushEvent {
  const { name = '', letter = '', forced } = words;
  const { state } = moment;
  const before = state.branches.get(name);
  const sha = shaOf(letter);
  if (!name.startsWith('gh-readonly-queue/')) state.branches.set(name, letter);
  for (const pull of state.pulls.values()) {
    if (pull.headRepositoryId !== state.repository.id || pull.branch !== name || !pull.open) continue;
    state.pulls.set(pull.number, { ...pull, sha, at: moment.at });
  }
  return {
    kind: 'push',
    ...delivered(moment, words),
    ref: { kind: 'branch', name },
    before: before === undefined ? null : shaOf(before),
    sha,
    forced: forced !== undefined,
    pushedAt: moment.at,
    message: state.commit(letter).message,
  };
}

function deleteRef(moment: Moment, words: Words): PushEvent {
  const { name, tag } = words;
  const { state } = moment;
  const before = state.branches.get(name ?? '');
  state.branches.delete(name ?? '');
  return {
    kind: 'push',
    ...delivered(moment, words),
    ref: name === undefined ? { kind: 'tag', name: tag ?? '' } : { kind: 'branch', name },
    before: before === undefined ? null : shaOf(before),
    sha: null,
    forced: false,
    pushedAt: moment.at,
    message: '',
  };
}

function pushTag(moment: Moment, words: Words): PushEvent {
  const { name = '', letter = '' } = words;
  return {
    kind: 'push',
    ...delivered(moment, words),
    ref: { kind: 'tag', name },
    before: null,
    sha: shaOf(letter),
    forced: false,
    pushedAt: moment.at,
    message: moment.state.commit(letter).message,
  };
}

function openPull(moment: Moment, words: Words): PullRequestEvent {
  const { number = '', owner, name = '', letter = '', base = '', by = WRITER } = words;
  const { state } = moment;
  if (owner === undefined && !state.branches.has(name)) state.branches.set(name, letter);
  state.pulls.set(Number(number), {
    number: Number(number),
    open: true,
    sha: shaOf(letter),
    branch: name,
    headRepositoryId: owner === undefined ? state.repository.id : FORK,
    base,
    author: state.person(by),
    at: moment.at,
  });
  return pullEvent(moment, words, 'opened');
}

function synchronizePull(moment: Moment, words: Words): PullRequestEvent {
  const { number = '', letter = '' } = words;
  const pull = pullOf(moment, number);
  moment.state.pulls.set(pull.number, { ...pull, sha: shaOf(letter), at: moment.at });
  const before = pull.sha === shaOf(letter) ? null : pull.sha;
  return { ...pullEvent(moment, words, 'synchronize'), before };
}

const ACTIONS = { close: 'closed', reopen: 'reopened', ready: 'ready_for_review' } as const;

function changePull(moment: Moment, words: Words): PullRequestEvent {
  const { number = '', verb } = words;
  const pull = pullOf(moment, number);
  moment.state.pulls.set(pull.number, { ...pull, open: verb !== 'close', at: moment.at });
  return pullEvent(moment, words, ACTIONS[verb as keyof typeof ACTIONS]);
}

function retargetPull(moment: Moment, words: Words): PullRequestEvent {
  const { number = '', base = '' } = words;
  const pull = pullOf(moment, number);
  moment.state.pulls.set(pull.number, { ...pull, base, at: moment.at });
  return pullEvent(moment, words, 'base_changed');
}

function pullOf({ state }: Moment, number: string) {
  const pull = state.pulls.get(Number(number));
  if (pull === undefined) throw new Error(`#${number} was never opened`);
  return pull;
}

/** The author does it when nobody is named. */
function pullEvent(
  moment: Moment,
  { number = '', by }: Words,
  action: PullRequestEvent['action'],
): PullRequestEvent {
  const { sha, branch, headRepositoryId, base, author } = pullOf(moment, number);
  return {
    kind: 'pull_request',
    ...delivered(moment, { by: by ?? author.login }),
    action,
    number: Number(number),
    head: { sha, branch, repositoryId: headRepositoryId },
    base,
    before: null,
    author,
    at: moment.at,
  };
}

function queue(moment: Moment, words: Words): GitHubEvent {
  const { asks, letter = '', reason } = words;
  const reasons = { merged: 'merged', invalidated: 'invalidated', dequeued: 'dequeued' } as const;
  return {
    kind: 'merge_group',
    ...delivered(moment, words),
    action: asks === undefined ? 'destroyed' : 'checks_requested',
    reason: reasons[reason as keyof typeof reasons] ?? null,
    branch: `gh-readonly-queue/${moment.state.repository.defaultBranch}/pr-12-${shaOf('O')}`,
    sha: shaOf(letter),
  };
}

function rerunAll(moment: Moment, words: Words): GitHubEvent {
  const { letter = '' } = words;
  return {
    kind: 'rerun',
    ...delivered(moment, words),
    check: null,
    sha: shaOf(letter),
    branch: branchAt(moment, letter),
  };
}

function rerunCheck(moment: Moment, words: Words): GitHubEvent {
  const { letter = '', check = '', first } = words;
  const shown = checksOf(moment, letter).filter(({ name }) => name === check);
  const found = first === undefined ? shown.at(-1) : shown[0];
  return {
    kind: 'rerun',
    ...delivered(moment, words),
    check: clicked(found, `${check} of ${letter}`),
    sha: shaOf(letter),
    branch: branchAt(moment, letter),
  };
}

function press(moment: Moment, words: Words): GitHubEvent {
  const { letter = '', check, label = '' } = words;
  const hasButton = ({ name, buttons = [] }: StoredCheck) =>
    (check === undefined || name === check) && buttons.some((button) => button.label === label);
  const found = checksOf(moment, letter).findLast(hasButton);
  return {
    kind: 'button',
    ...delivered(moment, words),
    button: found?.buttons?.find((button) => button.label === label)?.identifier ?? '',
    check: clicked(found, `${label} of ${letter}`),
    sha: shaOf(letter),
  };
}

function checksOf({ checks }: Moment, letter: string): readonly StoredCheck[] {
  return checks.filter(({ headSha }) => headSha === shaOf(letter));
}

function clicked(check: StoredCheck | undefined, what: string) {
  if (check === undefined) throw new Error(`there is no check ${what}`);
  const { id, name, externalId, status } = check;
  return { id, name, externalId, completed: status === 'completed' };
}

function branchAt({ state }: Moment, letter: string): string | null {
  return [...state.branches].find(([, at]) => at === letter)?.[0] ?? null;
}

/** `<A>` in the text is the commit's whole id, `<A:7>` its beginning. */
function comment(moment: Moment, words: Words): GitHubEvent {
  const { number = '', body = '' } = words;
  const text = body
    .replace(/<([A-Z])(?::(\d+))?>/g, (_, letter: string, digits = '40') =>
      shaOf(letter).slice(0, Number(digits)),
    )
    .replaceAll('\\n', '\n');
  return {
    kind: 'comment',
    ...delivered(moment, words),
    comment: `comment of ${moment.deliveryId}`,
    number: Number(number),
    body: text,
  };
}

const APP = 1;

/** What the adapter makes of an event that nobody acts on. */
function send({ state, deliveryId }: Moment, words: Words): GitHubEvent {
  const { event = '', action, other } = words;
  const { owner, name, id, cloneUrl, htmlUrl, defaultBranch, installationId } = state.repository;
  const app = { id: other === undefined ? APP : APP + 1 };
  const payload = {
    action,
    installation: { id: installationId },
    repository: {
      id,
      name,
      owner: { login: owner },
      default_branch: defaultBranch,
      clone_url: cloneUrl,
      html_url: htmlUrl,
    },
    check_run: { id: 1, name: 'lint', head_sha: shaOf('A'), status: 'completed', app },
    check_suite: { head_sha: shaOf('A'), app },
    issue: { number: 1 },
    comment: { id: 1, body: '/tekton-ci retest' },
    sender: { id: 1, login: 'octo', type: 'User' },
  };
  return readEvent({ id: deliveryId, name: event, payload }, APP);
}
