import type { Verdict } from '../../src/core/pipeline/run-status.ts';
import type { GitHubEvent } from '../../src/core/plan/event.ts';
import type { RunKey } from '../../src/core/plan/run-key.ts';
import type { GitHubState, Given } from './github-state.ts';

/** A check of ours as GitHub shows it. */
export interface ShownCheck {
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion?: string | undefined;
}

/** Where scenarios are played: the app, a GitHub whose state is told by lines, and an engine that holds its runs until told. */
export interface ScenarioWorld {
  readonly state: GitHubState;
  /** Lets something happen at GitHub, of which nobody has heard yet. */
  happen(line: string): GitHubEvent;
  /** Delivers an event; rejects when GitHub is asked to come again. */
  deliver(event: GitHubEvent): Promise<void>;
  /** Ends the runs that go on, or those of them that are of this commit and project. */
  end(verdict: Verdict, sha?: string, project?: string): void;
  /** Resolves after a time that GitHub can tell from before, once everything that follows by itself has happened. */
  settle(): Promise<void>;
  /** Every run that was made. */
  runs(): readonly RunKey[];
  /** Every check, in the order in which they were made. */
  shown(): readonly ShownCheck[];
  stop(): Promise<void>;
}

/** Worlds that share what is dear to start. */
export interface ScenarioStage {
  world(given: Given): Promise<ScenarioWorld>;
  /** When every world has been stopped. */
  stop(): Promise<void>;
}
