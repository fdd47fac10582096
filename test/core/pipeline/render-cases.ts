import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { parseConfig } from '../../../src/core/config/parse-config.ts';
import { resolveProject } from '../../../src/core/config/resolve-project.ts';
import { CONFIG_FILE } from '../../../src/core/config/toolchain-files.ts';
import type { Source } from '../../../src/core/pipeline/render-input.ts';
import { renderRun } from '../../../src/core/pipeline/render-run.ts';
import type { Run } from '../../../src/core/pipeline/run.ts';
import { planProject } from '../../../src/core/plan/plan-project.ts';
import type { RunKey } from '../../../src/core/plan/run-key.ts';
import type { Layout, RepositorySettings } from '../../../src/core/settings/settings.ts';
import { projectFilesOf } from '../config/project-files.ts';
import { runKey } from '../plan/examples.ts';
import { SETTINGS, SOURCE } from './examples.ts';

const CASES = new URL('../../cases/render/', import.meta.url).pathname;

/** A folder of test/cases/render: a config, perhaps files and an event, and the PipelineRuns that it becomes. */
export interface RenderCase {
  readonly name: string;
  /** Path of `expected.yaml`. */
  readonly expected: string;
  /** As the case has it, or in the layout that is given. */
  render(layout?: Layout): Run[];
}

/** What an `event.yaml` may change of an ordinary push to the default branch. */
interface EventChanges {
  readonly source?: Partial<Source>;
  readonly key?: Partial<RunKey>;
  readonly settings?: Partial<RepositorySettings>;
}

export function renderCases(): RenderCase[] {
  return readdirSync(CASES)
    .toSorted()
    .map((name) => ({
      name,
      expected: join(CASES, name, 'expected.yaml'),
      render: (layout) => render(join(CASES, name), layout === undefined ? {} : { layout }),
    }));
}

/** One run for each project, as a push makes it. */
function render(directory: string, changes: Partial<RepositorySettings>): Run[] {
  const parsed = parseConfig(readFileSync(join(directory, CONFIG_FILE), 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const files = readYaml(join(directory, 'files.yaml')) as Record<string, string>;
  const { source, key, settings } = readYaml(join(directory, 'event.yaml')) as EventChanges;
  return parsed.config.projects.map((project) => {
    const resolved = resolveProject(project, projectFilesOf(files, project.path));
    if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
    const run = planProject(
      resolved.project,
      { ...runKey(), ...key, project: project.name },
      { reason: 'runs: a test', branch: key?.tag == null ? 'main' : '' },
    );
    if (!run.runs) throw new Error(run.reason);
    const images = { ...SETTINGS.images, ...settings?.images };
    return renderRun({
      run,
      source: { ...SOURCE, ...source },
      settings: { ...SETTINGS, ...settings, images, ...changes },
      annotations: {},
    });
  });
}

function readYaml(file: string): unknown {
  return existsSync(file) ? load(readFileSync(file, 'utf8')) : {};
}
