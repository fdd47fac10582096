import { type Answer, notFound } from '../answer.ts';
import { fileJson } from '../commit-json.ts';
import type { PullState } from '../issue-store.ts';
import { pullJson, simplePullJson } from '../pull-json.ts';
import { repositoryUrl } from '../repository-json.ts';
import { pageOf, type RepositoryCall, type Route, textOf } from '../route.ts';

const READ = { as: 'repository', permission: 'pull_requests', level: 'read' } as const;

export const pullRoutes: readonly Route[] = [
  {
    operation: 'pulls/get',
    ...READ,
    handle: (call: RepositoryCall) => ({ status: 200, body: pullJson(call.world, pullOf(call)) }),
  },
  { operation: 'pulls/list', ...READ, handle: listPulls },
  { operation: 'pulls/list-files', ...READ, handle: listFiles },
  { operation: 'repos/list-pull-requests-associated-with-commit', ...READ, handle: listForCommit },
];

function pullOf({ issues, repository, parameters }: RepositoryCall): PullState {
  const pull = issues.findPull(repository, parameters.pull_number);
  if (pull === undefined) throw notFound();
  return pull;
}

function listPulls(call: RepositoryCall): Answer {
  const { parameters } = call;
  const state = textOf(parameters, 'state') ?? 'open';
  const head = textOf(parameters, 'head');
  const base = textOf(parameters, 'base');
  const wanted: readonly ((pull: PullState) => boolean)[] = [
    (pull) => state === 'all' || pull.state === state,
    (pull) => head === undefined || head === `${pull.headRepository?.owner.login}:${pull.headBranch}`,
    (pull) => base === undefined || base === pull.base,
  ];
  return answerWith(call, 'pulls', (pull) => wanted.every((fits) => fits(pull)));
}

/** Open pull requests whose head the commit is; merged ones are never made here. */
function listForCommit(call: RepositoryCall): Answer {
  const sha = textOf(call.parameters, 'commit_sha') ?? '';
  return answerWith(
    call,
    `commits/${sha}/pulls`,
    ({ state, headSha }) => state === 'open' && headSha === sha,
  );
}

function answerWith(call: RepositoryCall, path: string, fits: (pull: PullState) => boolean): Answer {
  const { world, issues, repository } = call;
  const all = issues.pulls.filter((pull) => pull.repository === repository && fits(pull));
  const newestFirst = call.parameters.direction === 'asc' ? all : all.toReversed();
  const { items, headers } = pageOf(call, `${repositoryUrl(world, repository)}/${path}`, newestFirst);
  return { status: 200, headers, body: items.map((pull) => simplePullJson(world, pull)) };
}

async function listFiles(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const { git } = repository;
  const pull = pullOf(call);
  const mergeBase = await git.mergeBase(`refs/heads/${pull.base}`, pull.headSha);
  const changes = await git.changes(mergeBase, pull.headSha);
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}/files`;
  const { items, headers } = pageOf(call, url, changes);
  return {
    status: 200,
    headers,
    body: items.map((change) => fileJson(call, pull.headSha, change)),
  };
}
