import type { Engine, ObservedRun } from '../../src/app/ports.ts';
import { ANNOTATION } from '../../src/core/pipeline/annotations.ts';
import { keyOfText } from '../../src/core/pipeline/names.ts';
import { createEnginePart, type EnginePart } from './engine-part.ts';
import { createEngineWorld } from './engine-world.ts';
import type { HeldRuns } from './held-runs.ts';
import type { ScenarioStage } from './scenario-world.ts';

/** Above those of tests that name their repositories. */
const FIRST_REPOSITORY = 100_000;

/**
 * A real engine for many plays at once, each with a repository of its own. Its steps end as `held` says, and runs are made in `namespace`.
 */
export async function shareEngine(
  engine: Engine,
  { held, namespace }: { readonly held: HeldRuns; readonly namespace: string },
): Promise<ScenarioStage> {
  const parts = new Map<number, EnginePart>();
  const stopped = new AbortController();
  const listed = Promise.withResolvers<void>();
  held.onBegin((run) => {
    for (const part of parts.values()) part.begun(run);
  });
  const tell = (run: ObservedRun) => {
    const key = keyOfText(run.annotations[ANNOTATION.key] ?? '');
    if (key !== null) parts.get(key.repositoryId)?.told(run);
  };
  const following = engine.watch(tell, stopped.signal, listed.resolve);
  await Promise.race([listed.promise, following]);
  return {
    world(given) {
      const repositoryId = FIRST_REPOSITORY + parts.size;
      const part = createEnginePart(engine, { held, repositoryId, namespace });
      parts.set(repositoryId, part);
      return createEngineWorld(given, part);
    },
    async stop() {
      stopped.abort();
      await following;
    },
  };
}
