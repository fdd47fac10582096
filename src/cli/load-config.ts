import { readFile } from 'node:fs/promises';
import type { Config } from '../core/config/config.ts';
import { formatProblem } from '../core/config/format-problem.ts';
import { parseConfig } from '../core/config/parse-config.ts';
import type { Problem } from '../core/config/problem.ts';
import { resolveProject } from '../core/config/resolve-project.ts';
import type { ProjectFiles, ResolvedProject } from '../core/config/resolved-project.ts';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import type { Channel } from './output.ts';
import { UsageError } from './usage-error.ts';

/** Reads what decides the toolchain in one directory, relative to the repository's root; empty when there is none. */
export type ReadProjectFiles = (path: string) => Promise<ProjectFiles>;

export type LoadedConfig =
  | { readonly ok: true; readonly config: Config; readonly projects: readonly ResolvedProject[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Parses a config and resolves its projects against their files: all that can be known without running it. */
export async function loadConfig(text: string, readProjectFiles: ReadProjectFiles): Promise<LoadedConfig> {
  const parsed = parseConfig(text);
  if (!parsed.ok) return parsed;
  const resolved = await Promise.all(
    parsed.config.projects.map(async (project) =>
      resolveProject(project, await readProjectFiles(project.path)),
    ),
  );
  const problems = resolved.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    config: parsed.config,
    projects: resolved.flatMap((result) => (result.ok ? [result.project] : [])),
  };
}

/** Prints what is wrong with the working tree's config, one line a problem. Returns the exit code that says so. */
export function printProblems(problems: readonly Problem[], channel: Channel): number {
  for (const problem of problems) channel.write(`${formatProblem(problem, CONFIG_FILE)}\n`);
  channel.write(`${channel.paint('red', countProblems(problems.length))}\n`);
  return 1;
}

export function countProblems(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}

/** The text of a config file; `name` is what messages call it. Rejects with a `UsageError` that says what to do. */
export async function readConfigFile(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(error, name);
  }
}

function unreadable(error: unknown, name: string): UsageError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UsageError(
      'config-missing',
      `there is no ${name}. Create it at the root of the repository; an empty file is enough to run the tests of a Go, ` +
        'Node, Python, Java or Rust project ("touch .tekton-ci.yml").',
    );
  }
  const reason = code === 'EISDIR' ? 'it is a directory; name the file in it' : `${String(code ?? error)}`;
  return new UsageError('config-unreadable', `${name} cannot be read: ${reason}.`, { cause: error });
}
