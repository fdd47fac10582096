import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { ChangedFiles } from '../app/github-ports.ts';
import type { RepositoryRef } from '../core/plan/event.ts';
import { GitHubRequestError, isUnknownInstallation } from './github-request-error.ts';
import { readAnswer } from './read-answer.ts';

/** https://docs.github.com/rest/commits/commits#compare-two-commits: 300 files, all on the first page; 250 commits. */
const MOST_FILES = 300;
const MOST_COMMITS = 250;

const ROUTE = 'GET /repos/{owner}/{repo}/compare/{basehead}';

const comparison = z.object({
  total_commits: z.number(),
  files: z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() })).optional(),
});

/** One request. `base` and `head` are commits or branches; nothing is known to be complete without a merge base (404). */
export async function readChangedFiles(
  octokit: Octokit,
  { owner, name }: RepositoryRef,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<ChangedFiles> {
  const data = await compare(octokit, { owner, repo: name, basehead: `${base}...${head}` });
  if (data === null) return { files: [], complete: false };
  const { total_commits, files } = readAnswer(comparison, data, ROUTE);
  const paths = (files ?? []).flatMap((file) => [file.filename, file.previous_filename ?? file.filename]);
  const complete = files !== undefined && files.length < MOST_FILES && total_commits < MOST_COMMITS;
  return { files: [...new Set(paths)], complete };
}

async function compare(
  octokit: Octokit,
  parameters: { owner: string; repo: string; basehead: string },
): Promise<unknown> {
  try {
    // The commits are not used: one is the least that a page can have.
    return (await octokit.request(ROUTE, { ...parameters, per_page: 1, page: 1 })).data;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof GitHubRequestError && error.status === 404 && !isUnknownInstallation(error);
}
