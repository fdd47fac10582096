import type { ProjectConfig } from '../../../src/core/config/config.ts';
import type { ResolvedProject, ResolvedStage } from '../../../src/core/config/resolved-project.ts';
import type { PushEvent, RepositoryRef } from '../../../src/core/plan/event.ts';
import type { PlannedRun } from '../../../src/core/plan/plan.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';

export const SHA = '0123456789abcdef0123456789abcdef01234567';
export const BEFORE = 'fedcba9876543210fedcba9876543210fedcba98';

export const REPOSITORY: RepositoryRef = {
  installationId: 7,
  id: 42,
  owner: 'acme',
  name: 'api',
  defaultBranch: 'main',
  cloneUrl: 'https://github.com/acme/api.git',
  htmlUrl: 'https://github.com/acme/api',
};

/** A push of one commit to `main`. */
export function pushEvent(change: Partial<PushEvent> = {}): PushEvent {
  return {
    kind: 'push',
    deliveryId: 'delivery-1',
    repository: REPOSITORY,
    ref: { kind: 'branch', name: 'main' },
    before: BEFORE,
    sha: SHA,
    forced: false,
    message: 'feat: answer faster\n\nBecause it was slow.',
    sender: { id: 1, login: 'octocat', bot: false },
    ...change,
  };
}

/** A repository that is one project, as an empty config says it. */
export function projectConfig(change: Partial<ProjectConfig> = {}): ProjectConfig {
  return {
    name: '.',
    path: '.',
    watch: [],
    test: { env: {}, report: [] },
    deploy: [],
    services: [],
    env: {},
    secrets: [],
    cache: 'auto',
    clone: { depth: 1, submodules: true, lfs: false },
    timeout: 3600,
    ...change,
  };
}

export function stage(change: Partial<ResolvedStage> = {}): ResolvedStage & { report: readonly string[] } {
  return {
    image: { kind: 'toolchain', toolchain: 'go', version: '1.25' },
    commands: ['go test ./...'],
    env: {},
    report: [],
    ...change,
  };
}

export function resolvedProject(change: Partial<ResolvedProject> = {}): ResolvedProject {
  const { test: _test, build: _build, ...rest } = projectConfig();
  return { ...rest, tests: [stage()], decisions: ['Go 1.25 from go.mod'], ...change };
}

export function runKey(change: Partial<RunKey> = {}): RunKey {
  return {
    repositoryId: 42,
    project: '.',
    sha: SHA,
    tag: null,
    purpose: 'publish',
    trust: 'trusted',
    base: null,
    attempt: 1,
    ...change,
  };
}

export function plannedRun(project: ResolvedProject = resolvedProject()): PlannedRun {
  return {
    runs: true,
    name: project.name,
    key: runKey({ project: project.name }),
    project,
    decisions: ['runs: every push tests the repository'],
  };
}
