import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { install } from './apps.ts';
import type { Delivery } from './deliveries.ts';
import { createGitRepository, type FileContent, ZERO_SHA } from './git-repository.ts';
import type { Parts } from './parts.ts';
import { openPull } from './pulls.ts';
import { announcePush } from './push.ts';
import { cloneUrl } from './repository-json.ts';
import { account, findRepository, fullName, installationOn, type Level, type Repository } from './world.ts';

export interface CreatedRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly cloneUrl: string;
  readonly defaultBranch: string;
  readonly private: boolean;
  /** The bare repository. */
  readonly directory: string;
  /** Of the first app. */
  readonly installationId: number;
}

export interface NewRepository {
  readonly owner: string;
  readonly name: string;
  readonly private?: boolean;
  readonly defaultBranch?: string;
  /** Whether the apps are installed on the owner; true when not said, false for a stranger's fork. */
  readonly install?: boolean;
  readonly ownerType?: 'User' | 'Organization';
  /** Who may do what, beside the owner and `developer`, who may write. */
  readonly collaborators?: Readonly<Record<string, Level>>;
}

export interface CommitOptions {
  /** Paths to contents; null removes the file. Others stay as the first parent has them. */
  readonly files: Readonly<Record<string, FileContent | null>>;
  /** Whose head is the parent when `parents` are not given; the default branch. */
  readonly branch?: string;
  readonly message?: string;
  readonly parents?: readonly string[];
  readonly at?: Date;
}

export interface PushOptions {
  readonly branch?: string;
  readonly tag?: string;
  /** What the event says was there before; the truth when not said. */
  readonly before?: string;
  /** The new commit, or null to delete the ref. */
  readonly sha: string | null;
  /** A login; `developer` when not said. */
  readonly sender?: string;
}

export interface Pushed {
  readonly ref: string;
  readonly before: string;
  readonly sha: string;
  /** The `push` webhook of the first app once it was answered or given up; null without a webhook. */
  readonly delivery: Promise<Delivery | null>;
}

export interface PullOptions {
  readonly head: string;
  /** A fork that the head branch is in; the repository itself when not said. */
  readonly fork?: RepositoryName;
  readonly base?: string;
  readonly title?: string;
  readonly sender?: string;
}

export interface OpenedPull {
  readonly number: number;
  readonly headSha: string;
  readonly delivery: Promise<Delivery | null>;
}

export type RepositoryName = string | { readonly fullName: string };

/** What a test does to repositories without asking the API. */
export interface Repositories {
  create(options: NewRepository): Promise<CreatedRepository>;
  commit(repository: RepositoryName, options: CommitOptions): Promise<string>;
  push(repository: RepositoryName, options: PushOptions): Promise<Pushed>;
  head(repository: RepositoryName, branch?: string): Promise<string | null>;
  openPull(repository: RepositoryName, options: PullOptions): Promise<OpenedPull>;
  find(repository: RepositoryName): Repository;
}

/** @param root the folder that holds the bare repositories */
export function createRepositories(parts: Parts, root: string, developer: string): Repositories {
  const { world } = parts;
  let lastCommit = 0;

  function find(name: RepositoryName): Repository {
    const text = typeof name === 'string' ? name : name.fullName;
    const repository = findRepository(world, text);
    if (repository === undefined) throw new Error(`there is no repository ${text}`);
    return repository;
  }

  /** Now, but never twice the same second: two equal commits would be one. */
  function commitTime(): Date {
    lastCommit = Math.max(lastCommit + 1, Math.floor(world.now().getTime() / 1000));
    return new Date(lastCommit * 1000);
  }

  async function head(name: RepositoryName, branch?: string): Promise<string | null> {
    const { git, defaultBranch } = find(name);
    const ref = `refs/heads/${branch ?? defaultBranch}`;
    return (await git.refs(ref)).get(ref) ?? null;
  }

  return {
    find,
    head,
    async create(options) {
      const {
        defaultBranch = 'main',
        ownerType = 'Organization',
        install: installs = true,
        collaborators = {},
      } = options;
      const owner = account(world, options.owner, ownerType);
      const directory = join(root, options.owner, `${options.name}.git`);
      await mkdir(directory, { recursive: true });
      const repository: Repository = {
        id: world.nextId(),
        owner,
        name: options.name,
        private: options.private ?? false,
        installs,
        defaultBranch,
        createdAt: world.now(),
        pushedAt: world.now(),
        git: await createGitRepository(directory, defaultBranch),
        collaborators: new Map(Object.entries({ [developer]: 'write', ...collaborators })),
      };
      world.repositories.set(fullName(repository).toLowerCase(), repository);
      if (installs) for (const app of world.apps.values()) install(world, app, owner);
      return describe(parts, repository);
    },
    async commit(name, { files, branch, message = 'A commit', parents, at }) {
      const tip = parents === undefined ? await head(name, branch) : null;
      return await find(name).git.write({
        files,
        message,
        parents: parents ?? (tip === null ? [] : [tip]),
        at: at ?? commitTime(),
      });
    },
    async openPull(name, { head: headBranch, fork, base, title = 'A change', sender = developer }) {
      const repository = find(name);
      const headRepository = fork === undefined ? repository : find(fork);
      const author = account(world, sender);
      const asked = {
        repository,
        headRepository,
        headBranch,
        base: base ?? repository.defaultBranch,
        title,
        author,
      };
      const { pull, delivered } = await openPull(parts, asked);
      const { number, headSha } = pull;
      return { number, headSha, delivery: delivered.then(([first]) => first ?? null) };
    },
    async push(name, { branch, tag, sha, before: said, sender = developer }) {
      const repository = find(name);
      const ref = tag === undefined ? `refs/heads/${branch ?? repository.defaultBranch}` : `refs/tags/${tag}`;
      const after = sha ?? ZERO_SHA;
      return await repository.git.exclusively(async () => {
        const before = said ?? (await repository.git.refs(ref)).get(ref) ?? ZERO_SHA;
        await repository.git.updateRef(ref, after);
        const change = { ref, before, after };
        const { delivered } = await announcePush(parts, {
          repository,
          change,
          sender: account(world, sender),
        });
        return { ref, before, sha: after, delivery: delivered.then(([first]) => first ?? null) };
      });
    },
  };
}

function describe({ world }: Parts, repository: Repository): CreatedRepository {
  return {
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
    fullName: fullName(repository),
    cloneUrl: cloneUrl(world, repository),
    defaultBranch: repository.defaultBranch,
    private: repository.private,
    directory: repository.git.directory,
    get installationId() {
      const [app] = world.apps.values();
      const installation = app && installationOn(world, app, repository.owner);
      if (installation === undefined) throw new Error('no app is installed: call createApp first');
      return installation.id;
    },
  };
}
