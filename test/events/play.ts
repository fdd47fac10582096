import type { Verdict } from '../../src/core/pipeline/run-status.ts';
import type { GitHubEvent } from '../../src/core/plan/event.ts';
import { shaOf } from './letters.ts';
import type { ScenarioWorld } from './scenario-world.ts';

const ENDS: Readonly<Record<string, Verdict>> = { fails: 'failed', succeeds: 'succeeded' };

/** Plays lines one after the other, each acted on before the next. */
export function createPlayer(world: ScenarioWorld): (lines: readonly string[]) => Promise<void> {
  /** What has happened, by its line: it may be told late, or again. */
  const events = new Map<string, GitHubEvent>();

  async function act(line: string): Promise<void> {
    if (line === 'all runs succeed') return world.end('succeeded');
    const run = /^run of (?:(?<project>[\w-]+) of )?(?<letter>[A-Z]) (?<end>fails|succeeds)$/.exec(
      line,
    )?.groups;
    if (run !== undefined) return world.end(ENDS[run.end ?? '']!, shaOf(run.letter ?? ''), run.project);
    if (rename(line)) return;
    const { how, what = '' } = /^(?:(?<how>unheard|late|again): )?(?<what>.*)$/s.exec(line)?.groups ?? {};
    if (how === undefined || how === 'unheard') events.set(what, world.happen(what));
    if (how !== 'unheard') await world.deliver(events.get(what)!);
  }

  function rename(line: string): boolean {
    const name = /^the repository is renamed to (?<name>\S+)$/.exec(line)?.groups?.name;
    const branch = /^the default branch is (?<name>\S+) now$/.exec(line)?.groups?.name;
    if (name === undefined && branch === undefined) return false;
    const { repository } = world.state;
    world.state.repository = {
      ...repository,
      ...(name && { name }),
      ...(branch && { defaultBranch: branch }),
    };
    return true;
  }

  return async (lines) => {
    for (const line of lines) {
      await act(line);
      await world.settle();
    }
  };
}
