import { createWorld } from '../app/fakes/world.ts';
import type { EnginePart } from './engine-part.ts';
import { createGitHubState, type Given } from './github-state.ts';
import { playApp } from './played-app.ts';
import type { ScenarioWorld } from './scenario-world.ts';

const SECONDS_BETWEEN = 60;

/**
 * A scenario's world with a real engine. Nobody waits for the engine between deliveries: the app has to answer whatever it has not been
 * told of yet.
 */
export async function createEngineWorld(given: Given, part: EnginePart): Promise<ScenarioWorld> {
  const { repositoryId, namespace, engine } = part;
  const state = createGitHubState(given);
  state.repository = { ...state.repository, id: repositoryId };
  const fakes = createWorld();
  const { clock, checks } = fakes;
  const settings = { ...fakes.settings, namespace };
  const app = await playApp(state, { ...fakes, engine, settings });
  return {
    state,
    happen: app.happen,
    deliver: app.handle,
    end: part.end,
    async settle() {
      await part.quiet();
      await clock.advance(SECONDS_BETWEEN);
      await part.quiet();
    },
    runs: () => [...part.runs.values()],
    shown: () => checks.stored,
    async stop() {
      await app.stop();
      await part.clear();
    },
  };
}
