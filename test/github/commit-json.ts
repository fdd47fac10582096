import { accountJson } from './account-json.ts';
import type { Commit, Signature } from './git-objects.ts';
import type { FileChange } from './git-output.ts';
import { repositoryUrl } from './repository-json.ts';
import { account, fullName, type Json, nodeId, type Repository, timestamp, type World } from './world.ts';

/** Where a thing is: a call is one. */
export interface Place {
  readonly world: World;
  readonly repository: Repository;
}

/** GitHub's "commit", without the files it touches. */
export function commitJson({ world, repository }: Place, commit: Commit): Json {
  const url = repositoryUrl(world, repository);
  const web = `${world.url}/${fullName(repository)}`;
  const who = accountJson(world, account(world, 'developer'));
  return {
    sha: commit.oid,
    node_id: nodeId('Commit', commit.oid),
    commit: {
      author: signatureJson(commit.author),
      committer: signatureJson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.oid}`,
      comment_count: 0,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
    url: `${url}/commits/${commit.oid}`,
    html_url: `${web}/commit/${commit.oid}`,
    comments_url: `${url}/commits/${commit.oid}/comments`,
    author: who,
    committer: who,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
  };
}

/** GitHub's "diff entry"; a rename names both of its paths. */
export function fileJson({ world, repository }: Place, sha: string, change: FileChange): Json {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  const web = `${world.url}/${fullName(repository)}`;
  return {
    sha: change.oid,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${web}/blob/${sha}/${path}`,
    raw_url: `${web}/raw/${sha}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${sha}`,
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}

function signatureJson({ name, email, date }: Signature): Json {
  return { name, email, date: timestamp(date) };
}
