import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckState } from '../github/check-store.ts';
import type { GitHub } from '../github/github.ts';
import type { CreatedRepository } from '../github/repositories.ts';
import { completed, startWorld, type World } from './world.ts';

/** The check of a commit that nobody has approved. */
export const WAITING = { name: 'tekton-ci', status: 'completed', conclusion: 'action_required' };

export function approveWords(sha: string): string {
  return `/tekton-ci approve ${sha}`;
}

/** A stranger's pull request. */
export interface ForkPull {
  readonly repository: CreatedRepository;
  readonly fork: CreatedRepository;
  readonly number: number;
  /** The head of the repository's default branch. */
  readonly base: string;
  /** The head of the pull request. */
  readonly sha: string;
}

export interface ForkOptions {
  readonly name: string;
  /** What the default branch has. */
  readonly files: Readonly<Record<string, string>>;
  /** What the stranger changes; a file when not said. */
  readonly change?: Readonly<Record<string, string>>;
  readonly message?: string;
  readonly private?: boolean;
  /** Who opens it: `mona`, who may do nothing, when not said. */
  readonly sender?: string;
}

/** A server whose operator gives trusted runs a secret and a cache, and a GitHub where people have forks. */
export interface ForkWorld extends World {
  readonly secret: string;
  /** Resolves when the pull request is open and what it leads to at once is done. */
  forked(options: ForkOptions): Promise<ForkPull>;
  /** A newer commit of the stranger's branch. */
  pushFork(
    pull: Pick<ForkPull, 'repository' | 'fork' | 'sha'>,
    files: Readonly<Record<string, string>>,
  ): Promise<string>;
  /** Writes a comment and resolves with our replies, once it was acted on. */
  say(pull: Pick<ForkPull, 'repository' | 'number'>, body: string, sender?: string): Promise<string[]>;
  checksOf(pull: Pick<ForkPull, 'repository'>, sha: string): CheckState[];
}

const SETTINGS = `
cache: { claim: ci-cache }
repositories:
  acme/*:
    secrets: { NPM_TOKEN: { name: npm, key: token } }
`;

export async function startForkWorld(): Promise<ForkWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'tekton-ci-forks-'));
  const file = join(directory, 'settings.yml');
  await writeFile(file, SETTINGS);
  const world = await startWorld({ env: { TEKTON_CI_SETTINGS: file } });
  const { github } = world;
  const secret = 'the-secret-of-npm';
  await mkdir(join(world.data, 'secrets', 'npm'), { recursive: true });
  await writeFile(join(world.data, 'secrets', 'npm', 'token'), secret);

  return {
    ...world,
    secret,
    async forked({ name, files, change = { 'a.txt': 'a' }, message, sender = 'mona', ...options }) {
      const collaborators = { tina: 'triage', octo: 'write' } as const;
      const made = { owner: 'acme', name, private: options.private ?? false, collaborators };
      const repository = await github.createRepository(made);
      const { sha: base } = await github.pushFiles(repository, { files });
      await world.until(repository, base, completed);
      const fork = await forkOf(github, repository, sender);
      const offered = { repository, fork, base, sender, branch: 'patch', files: change };
      return openForkPull(github, { ...offered, ...(message && { message }) });
    },
    async pushFork({ fork, sha: parent }, files) {
      const sha = await github.commit(fork, { files, parents: [parent] });
      await github.push(fork, { branch: 'patch', sha, sender: fork.owner });
      await github.waitForDeliveries();
      return sha;
    },
    say: (pull, body, sender) => sayOn(github, pull, { body, ...(sender && { sender }) }),
    checksOf: ({ repository }, sha) => github.checks(repository, sha),
    async close() {
      await world.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** Somebody approves, and the stranger pushes after they have looked and before it counts. Resolves with the newer commit, once it was acted on. */
export async function pushWhileApproved(github: GitHub, pull: ForkPull, sender: string): Promise<string> {
  const { repository, fork, number, sha } = pull;
  const held = github.hold(({ operation }) => operation === 'graphql' || operation === 'pulls/get');
  const said = github.comment(repository, number, { body: approveWords(sha), sender });
  await held.arrived;
  const newer = await github.commit(fork, { files: { 'a.txt': 'worse' }, parents: [sha] });
  await github.push(fork, { branch: 'patch', sha: newer, sender: fork.owner });
  held.release();
  await said.delivery;
  await github.waitForDeliveries();
  return newer;
}

/** A stranger's copy of a repository, where the app is not installed. */
export function forkOf(github: GitHub, repository: CreatedRepository, owner: string) {
  const { name, private: isPrivate } = repository;
  const own = { owner, ownerType: 'User', name, install: false } as const;
  return github.createRepository({ ...own, private: isPrivate, forkOf: repository });
}

/** A commit on top of `base`, that a stranger offers from a branch of a fork. */
export interface Offered extends Pick<ForkPull, 'repository' | 'fork' | 'base'> {
  readonly sender: string;
  readonly branch: string;
  readonly files: Readonly<Record<string, string>>;
  readonly message?: string;
}

/** Resolves when the pull request is open and what it leads to at once is done. */
export async function openForkPull(github: GitHub, offered: Offered): Promise<ForkPull> {
  const { repository, fork, base, sender, branch, files, message } = offered;
  const sha = await github.commit(fork, { files, parents: [base], ...(message && { message }) });
  await github.push(fork, { branch, sha, sender });
  const { number, delivery } = await github.openPullRequest(repository, { head: branch, fork, sender });
  await delivery;
  return { repository, fork, number, base, sha };
}

/** Writes a comment and resolves with the app's replies, once it was acted on. */
export async function sayOn(
  github: GitHub,
  { repository, number }: Pick<ForkPull, 'repository' | 'number'>,
  said: { readonly body: string; readonly sender?: string },
): Promise<string[]> {
  const before = github.comments(repository, number).length;
  await github.comment(repository, number, said).delivery;
  return github
    .comments(repository, number)
    .slice(before)
    .filter(({ app }) => app !== null)
    .map((comment) => comment.body);
}
