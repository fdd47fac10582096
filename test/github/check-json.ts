import { appJson } from './account-json.ts';
import { type CheckState, type SuiteState, suiteVerdict } from './check-store.ts';
import type { Commit } from './git-objects.ts';
import type { Parts } from './parts.ts';
import { pullReferences } from './pull-json.ts';
import { minimalRepositoryJson, repositoryUrl } from './repository-json.ts';
import { fullName, type Json, nodeId, timestamp } from './world.ts';

type Known = Pick<Parts, 'world' | 'checks' | 'issues'>;

export function checkJson({ world, checks, issues }: Known, check: CheckState): Json {
  const suite = checks.suites.get(check.suiteId);
  if (suite === undefined) throw new Error(`check ${check.id} has no suite`);
  const url = `${repositoryUrl(world, suite.repository)}/check-runs/${check.id}`;
  const web = `${world.url}/${fullName(suite.repository)}/runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: web,
    details_url: check.detailsUrl ?? 'https://example.com',
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: suite.id },
    app: appJson(world, suite.app),
    pull_requests: pullReferences(world, issues.pulls, { repository: suite.repository, sha: check.headSha }),
  };
}

export function suiteJson({ world, checks, issues }: Known, suite: SuiteState, head: Commit): Json {
  const runs = [...checks.runs.values()].filter(({ suiteId }) => suiteId === suite.id);
  const url = `${repositoryUrl(world, suite.repository)}/check-suites/${suite.id}`;
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteVerdict(runs),
    url,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullReferences(world, issues.pulls, { repository: suite.repository, sha: suite.headSha }),
    app: appJson(world, suite.app),
    repository: minimalRepositoryJson(world, suite.repository),
    created_at: timestamp(suite.createdAt),
    updated_at: timestamp(suite.updatedAt),
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    head_commit: headCommitJson(head),
  };
}

export function headCommitJson(commit: Commit): Json {
  return {
    id: commit.oid,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.committer.date),
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
  };
}
