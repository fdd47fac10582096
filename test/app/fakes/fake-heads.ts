import type { Head, Heads, InstalledRepository, PullRequestState } from '../../../src/app/github-ports.ts';
import { REPOSITORY } from '../../core/plan/examples.ts';

/** One repository and what its branches and tags stand for. */
export interface FakeHeads extends Heads {
  installed: InstalledRepository;
  heads: readonly Head[];
  forks: readonly PullRequestState[];
  /** How often the heads were listed. */
  readonly lists: number;
}

export function createFakeHeads(at: Date): FakeHeads {
  let lists = 0;
  const fake = {
    installed: { repository: REPOSITORY, installedAt: at, pushedAt: at },
    heads: [] as readonly Head[],
    forks: [] as readonly PullRequestState[],
    get lists() {
      return lists;
    },
    async *repositories() {
      yield fake.installed;
    },
    async newest() {
      lists += 1;
      return { heads: fake.heads, forks: fake.forks };
    },
  };
  return fake;
}
