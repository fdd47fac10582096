import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { install } from './apps.ts';
import type { Delivery } from './deliveries.ts';
import { borrowCommit, copyBranches } from './forks.ts';
import { createGitRepository, type FileContent, ZERO_SHA } from './git-repository.ts';
import { announce, type Parts } from './parts.ts';
import { announcePush } from './push.ts';
import { cloneUrl } from './repository-json.ts';
import { account, findRepository, fullName, installationOn, type Repository, type Role } from './world.ts';

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
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** The repository that it is a fork of, with all of its branches. */
  readonly forkOf?: RepositoryName;
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

export type RepositoryName = string | { readonly fullName: string };

/** What a test does to repositories without asking the API. */
export interface Repositories {
  create(options: NewRepository): Promise<CreatedRepository>;
  commit(repository: RepositoryName, options: CommitOptions): Promise<string>;
  push(repository: RepositoryName, options: PushOptions): Promise<Pushed>;
  head(repository: RepositoryName, branch?: string): Promise<string | null>;
  /** Its old address leads to the new one from then on. */
  rename(repository: RepositoryName, name: string, sender?: string): Promise<void>;
  /** Pull requests of a fork that is gone stay open, and lose their head's repository. */
  remove(repository: RepositoryName): void;
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
      const parent = options.forkOf === undefined ? null : find(options.forkOf);
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
        parent,
        collaborators: new Map(Object.entries({ [developer]: 'write', ...collaborators })),
      };
      await copyBranches(repository);
      for (const login of repository.collaborators.keys()) account(world, login);
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
    async rename(name, next, sender = developer) {
      const repository = find(name);
      const before = repository.name;
      world.repositories.delete(fullName(repository).toLowerCase());
      world.formerNames.set(fullName(repository).toLowerCase(), repository);
      repository.name = next;
      world.repositories.set(fullName(repository).toLowerCase(), repository);
      const sent = announce(parts, {
        event: 'repository',
        action: 'renamed',
        repository,
        sender: account(world, sender),
        fields: () => ({ changes: { repository: { name: { from: before } } } }),
      });
      await Promise.all(sent);
    },
    remove(name) {
      const repository = find(name);
      world.repositories.delete(fullName(repository).toLowerCase());
      for (const pull of parts.issues.pulls) {
        if (pull.headRepository === repository) pull.headRepository = null;
      }
      repository.git.close();
    },
    async push(name, { branch, tag, sha, before: said, sender = developer }) {
      const repository = find(name);
      const ref = tag === undefined ? `refs/heads/${branch ?? repository.defaultBranch}` : `refs/tags/${tag}`;
      const after = sha ?? ZERO_SHA;
      if (sha !== null) await borrowCommit(repository, sha);
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
