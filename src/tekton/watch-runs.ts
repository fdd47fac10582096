import type { ObservedRun } from '../app/ports.ts';
import { type FollowOptions, followResource } from './follow-resource.ts';
import type { Listings } from './listings.ts';
import { OBSERVED } from './resources.ts';
import type { RunRegister } from './run-register.ts';
import type { RunTender } from './tend-runs.ts';

export interface WatchOptions extends Omit<FollowOptions, 'resource' | 'namespace' | 'sink'> {
  readonly namespaces: readonly string[];
  readonly register: RunRegister;
  readonly tender: RunTender;
  readonly listings: Listings;
  /** Milliseconds between looks at runs of which nothing is heard. */
  readonly lookMs: number;
}

export interface RunWatcher {
  readonly onChange: (run: ObservedRun) => void;
  readonly onListed: (() => void) | undefined;
}

/** Follows all objects of runs in all namespaces, until the signal; tells of runs when everything was listed once. */
export async function watchRuns(
  options: WatchOptions,
  { onChange, onListed }: RunWatcher,
  signal: AbortSignal,
): Promise<void> {
  const { register, namespaces, listings } = options;
  const places = namespaces.flatMap((namespace) => OBSERVED.map((resource) => ({ namespace, resource })));
  let unlisted = places.length;
  const following = places.map(({ namespace, resource }) => {
    const sink = register.sink(resource.kind, namespace);
    let isFirst = true;
    return listings.follow((round) => {
      const listed = (names: ReadonlySet<string>) => {
        sink.listed(names);
        round.listed();
        if (!isFirst) return;
        isFirst = false;
        unlisted -= 1;
        if (unlisted > 0) return;
        register.tell(onChange);
        onListed?.();
      };
      return followResource({ ...options, namespace, resource, sink: { ...sink, listed } }, round.signal);
    }, signal);
  });
  await Promise.all([...following, lookRegularly(options, () => unlisted === 0, signal)]);
}

/** Time alone changes what is to be told and done. */
async function lookRegularly(
  { clock, lookMs, register, tender }: WatchOptions,
  isListed: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(lookMs, signal).catch(() => {});
    if (!isListed()) continue;
    for (const entry of [...register.all()]) {
      tender.tend(entry);
      register.look(entry.name);
    }
  }
}
