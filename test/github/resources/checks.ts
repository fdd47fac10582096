import { type Answer, notFound, Refusal, validationFailed } from '../answer.ts';
import { announceCheck } from '../check-events.ts';
import { checkJson, suiteJson } from '../check-json.ts';
import { annotationsOf, checkRules } from '../check-rules.ts';
import { type CheckState, latestRuns, type SuiteState } from '../check-store.ts';
import { repositoryUrl } from '../repository-json.ts';
import { numberOf, pageOf, type RepositoryCall, type Route, textOf, timeOf } from '../route.ts';
import { fullName, type Json, timestamp } from '../world.ts';

const READ = { as: 'repository', permission: 'checks', level: 'read' } as const;
const WRITE = { as: 'repository', permission: 'checks', level: 'write' } as const;

export const checkRoutes: readonly Route[] = [
  { operation: 'checks/create', ...WRITE, handle: createCheck },
  { operation: 'checks/update', ...WRITE, handle: updateCheck },
  {
    operation: 'checks/get',
    ...READ,
    handle: (call: RepositoryCall) => answerWith(call, 200, checkOf(call)),
  },
  { operation: 'checks/list-annotations', ...READ, handle: listAnnotations },
  { operation: 'checks/list-for-ref', ...READ, handle: listForRef },
  { operation: 'checks/list-for-suite', ...READ, handle: listForSuite },
  {
    operation: 'checks/get-suite',
    ...READ,
    handle: async (call: RepositoryCall) => ({ status: 200, body: await suiteBody(call, suiteOf(call)) }),
  },
  { operation: 'checks/list-suites-for-ref', ...READ, handle: listSuites },
];

async function createCheck(call: RepositoryCall): Promise<Answer> {
  const { world, repository, checks, app, body } = call;
  checkRules(body);
  const sha = textOf(body, 'head_sha') ?? '';
  const commit = /^[0-9a-f]{40}$/.test(sha) ? await repository.git.commit(sha) : null;
  if (commit === null || app === null) throw new Refusal(422, `No commit found for SHA: ${sha}`);
  const branches = await repository.git.refs('refs/heads');
  const branch = [...branches].find(([, head]) => head === sha)?.[0].slice('refs/heads/'.length) ?? null;
  const suite = checks.suite(repository, app, { headSha: sha, headBranch: branch, before: null });
  const blank = {
    // Ids of checks do not fit 32 bits, at GitHub either.
    id: world.nextId() + 30_000_000_000,
    repository: fullName(repository),
    appId: app.id,
    suiteId: suite.id,
    headSha: sha,
    name: '',
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    startedAt: timestamp(world.now()),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
  };
  const check = checks.save(changed(call, blank));
  void announceCheck(call, check, { action: 'created' });
  if (check.status === 'completed') void announceCheck(call, check, { action: 'completed' });
  return answerWith(call, 201, check);
}

function updateCheck(call: RepositoryCall): Answer {
  const before = checkOf(call);
  if (before.appId !== call.app?.id) {
    throw new Refusal(
      403,
      `Invalid app_id \`${call.app?.id}\` - check run can only be modified by the GitHub App that created it.`,
    );
  }
  checkRules(call.body);
  const { history: _, ...state } = before;
  const check = call.checks.save(changed(call, state));
  if (check.status === 'completed' && before.status !== 'completed') {
    void announceCheck(call, check, { action: 'completed' });
  }
  return answerWith(call, 200, check);
}

/** What a request makes of a check. One that is completed keeps its verdict whatever is asked. */
function changed(
  { world, body }: RepositoryCall,
  state: Omit<CheckState, 'history'>,
): Omit<CheckState, 'history'> {
  const output = (body.output ?? {}) as Json;
  const result = {
    ...state,
    name: textOf(body, 'name') ?? state.name,
    externalId: textOf(body, 'external_id') ?? state.externalId,
    detailsUrl: textOf(body, 'details_url') ?? state.detailsUrl,
    startedAt: timeOf(body, 'started_at') ?? state.startedAt,
    title: textOf(output, 'title') ?? state.title,
    summary: textOf(output, 'summary') ?? state.summary,
    text: textOf(output, 'text') ?? state.text,
    annotations: [...state.annotations, ...annotationsOf(output)],
    actions: (body.actions as Json[] | undefined) ?? state.actions,
  };
  if (state.status === 'completed') return result;
  const conclusion = textOf(body, 'conclusion') ?? null;
  if (conclusion === null) return { ...result, status: textOf(body, 'status') ?? state.status };
  const completedAt = timeOf(body, 'completed_at') ?? timestamp(world.now());
  return { ...result, status: 'completed', conclusion, completedAt };
}

function checkOf({ checks, repository, parameters }: RepositoryCall): CheckState {
  const check = checks.runs.get(numberOf(parameters, 'check_run_id') ?? 0);
  if (check === undefined || checks.repositoryOf(check) !== repository) throw notFound();
  return check;
}

function suiteOf({ checks, repository, parameters }: RepositoryCall): SuiteState {
  const suite = checks.suites.get(numberOf(parameters, 'check_suite_id') ?? 0);
  if (suite?.repository !== repository) throw notFound();
  return suite;
}

function answerWith(call: RepositoryCall, status: number, check: CheckState): Answer {
  return { status, body: checkJson(call, check) };
}

function listAnnotations(call: RepositoryCall): Answer {
  const check = checkOf(call);
  const url = repositoryUrl(call.world, call.repository);
  const { items, headers } = pageOf(call, `${url}/check-runs/${check.id}/annotations`, check.annotations);
  const blob = (path: string) => `${call.world.url}/${check.repository}/blob/${check.headSha}/${path}`;
  return { status: 200, headers, body: items.map((one) => ({ ...one, blob_href: blob(one.path) })) };
}

async function listForRef(call: RepositoryCall): Promise<Answer> {
  const ref = textOf(call.parameters, 'ref') ?? '';
  const sha = await shaOf(call, ref);
  const runs = [...call.checks.runs.values()].filter(({ headSha }) => headSha === sha);
  return listRuns(call, runs, `commits/${encodeURIComponent(ref)}/check-runs`);
}

function listForSuite(call: RepositoryCall): Answer {
  const suite = suiteOf(call);
  const runs = [...call.checks.runs.values()].filter(({ suiteId }) => suiteId === suite.id);
  return listRuns(call, runs, `check-suites/${suite.id}/check-runs`);
}

function listRuns(call: RepositoryCall, runs: readonly CheckState[], path: string): Answer {
  const { world, repository, checks, parameters } = call;
  const wanted: readonly ((check: CheckState) => boolean)[] = [
    (check) => checks.repositoryOf(check) === repository,
    ({ appId }) => appId === (numberOf(parameters, 'app_id') ?? appId),
    ({ name }) => name === (textOf(parameters, 'check_name') ?? name),
    ({ status }) => status === (textOf(parameters, 'status') ?? status),
  ];
  const chosen = parameters.filter === 'all' ? runs.toSorted((a, b) => b.id - a.id) : latestRuns(runs);
  const all = chosen.filter((check) => wanted.every((fits) => fits(check)));
  const { items, headers } = pageOf(call, `${repositoryUrl(world, repository)}/${path}`, all);
  const body = { total_count: all.length, check_runs: items.map((check) => checkJson(call, check)) };
  return { status: 200, headers, body };
}

async function listSuites(call: RepositoryCall): Promise<Answer> {
  const { checks, repository, parameters, world } = call;
  const ref = textOf(parameters, 'ref') ?? '';
  const sha = await shaOf(call, ref);
  const named = (suite: SuiteState) =>
    parameters.check_name === undefined ||
    [...checks.runs.values()].some(
      ({ suiteId, name }) => suiteId === suite.id && name === parameters.check_name,
    );
  const all = [...checks.suites.values()].filter(
    (suite) =>
      suite.repository === repository &&
      suite.headSha === sha &&
      suite.app.id === (numberOf(parameters, 'app_id') ?? suite.app.id) &&
      named(suite),
  );
  const url = `${repositoryUrl(world, repository)}/commits/${encodeURIComponent(ref)}/check-suites`;
  const { items, headers } = pageOf(call, url, all);
  const suites = await Promise.all(items.map((suite) => suiteBody(call, suite)));
  return { status: 200, headers, body: { total_count: all.length, check_suites: suites } };
}

async function suiteBody(call: RepositoryCall, suite: SuiteState): Promise<Json> {
  const head = await call.repository.git.commit(suite.headSha);
  if (head === null) throw notFound();
  return suiteJson(call, suite, head);
}

/** The commit that a sha, a branch or a tag names. */
async function shaOf({ repository }: RepositoryCall, ref: string): Promise<string> {
  const commit = await repository.git.commit(ref);
  if (commit === null)
    throw validationFailed({
      resource: 'Commit',
      field: 'sha',
      code: 'invalid',
      message: `No commit found for SHA: ${ref}`,
    });
  return commit.oid;
}
