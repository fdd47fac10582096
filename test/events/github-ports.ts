import type { Checks, CommitSnapshot, PullRequests, Repositories } from '../../src/app/github-ports.ts';
import { CONFIG_FILE } from '../../src/core/config/toolchain-files.ts';
import { projectFilesOf } from '../core/config/project-files.ts';
import type { Commit, GitHubState } from './github-state.ts';
import { withLetters } from './letters.ts';

/** Requests that were made, in order, in words: `read A`, `compare main...A`, `may octo`. */
export type Requests = string[];

/** The commit with this id. */
function letterOf(sha: string): string {
  return String.fromCharCode(Number.parseInt(sha.slice(0, 2), 16));
}

function filesOf({ config }: Commit): Readonly<Record<string, string>> {
  return { 'package.json': '{}', ...(config !== null && { [CONFIG_FILE]: config }) };
}

function snapshotOf(state: GitHubState, sha: string, names: readonly string[]): CommitSnapshot {
  const letter = letterOf(sha);
  const commit = state.commit(letter);
  return {
    message: commit.message,
    config: commit.config === null ? null : { oid: letter, text: commit.config },
    root: projectFilesOf(filesOf(commit), '.'),
    branches: new Map(names.map((name) => [name, configOf(state, name)])),
  };
}

/** The repository's commits, as the use cases read them. */
export function repositoriesOf(state: GitHubState, requests: Requests, inAnHour: () => Date): Repositories {
  const minted = new Map<string, Date>();
  return {
    async snapshot(_repository, sha, names) {
      requests.push(`read ${letterOf(sha)}`);
      return snapshotOf(state, sha, names);
    },
    async projectFiles(_repository, sha, paths) {
      requests.push(`read projects of ${letterOf(sha)}`);
      return new Map(paths.map((path) => [path, { entries: ['package.json'], text: {} }]));
    },
    async lineCounts(_repository, sha) {
      requests.push(`read files of ${letterOf(sha)}`);
      return new Map();
    },
    async changedFiles(_repository, base, head) {
      const { changes, complete } = state.commit(letterOf(head));
      requests.push(`compare ${base.length === 40 ? letterOf(base) : base}...${letterOf(head)}`);
      return { files: changes, complete };
    },
    async cloneToken(_repository, trust) {
      const expiresAt = minted.get(trust) ?? inAnHour();
      if (!minted.has(trust)) requests.push(`token for ${trust} code`);
      minted.set(trust, expiresAt);
      return { token: 'clone-token-0123456789', expiresAt };
    },
  };
}

function configOf(state: GitHubState, branch: string) {
  const letter = state.branches.get(branch);
  const text = letter === undefined ? null : state.commit(letter).config;
  return text === null ? null : { oid: letter ?? '', text };
}

export interface Said {
  readonly number: number;
  readonly text: string;
}

/** Its pull requests and people. What we say on them is kept. */
export function pullRequestsOf(state: GitHubState, requests: Requests, replies: Said[]): PullRequests {
  return {
    async permission(_repository, { id, login }) {
      requests.push(`may ${login}`);
      return state.permissionOf(id);
    },
    async read({ defaultBranch }, number, { who: { id, login }, comment, sha }) {
      const pull = state.pulls.get(number) ?? null;
      const also = sha === undefined ? '' : `, and ${letterOf(sha)}`;
      requests.push(`${comment === undefined ? '' : '👀, '}read #${number} and what ${login} may${also}`);
      const names = [defaultBranch, pull?.base ?? defaultBranch];
      const commit = sha === undefined ? null : { sha, snapshot: () => snapshotOf(state, sha, names) };
      return { pull, permission: state.permissionOf(id), commit };
    },
    async pull(_repository, number) {
      requests.push(`read #${number}`);
      return state.pulls.get(number) ?? null;
    },
    async reply(_repository, number, text) {
      requests.push(`reply on #${number}`);
      replies.push({ number, text });
    },
  };
}

/** The same checks, with every request among the others. */
export function countedChecks(checks: Checks, requests: Requests): Checks {
  return {
    create(repository, check) {
      requests.push(`create ${check.name} of ${letterOf(check.headSha)}`);
      return checks.create(repository, check);
    },
    update(repository, id, check) {
      requests.push(`update ${check.name} of ${letterOf(check.headSha)}`);
      return checks.update(repository, id, check);
    },
    list(repository, sha, name) {
      requests.push(withLetters(`list checks of ${sha}`, [letterOf(sha)]));
      return checks.list(repository, sha, name);
    },
  };
}
