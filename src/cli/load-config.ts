import { readFile } from 'node:fs/promises';
import type { Config } from '../core/config/config.ts';
import { formatProblem } from '../core/config/format-problem.ts';
import { parseConfig } from '../core/config/parse-config.ts';
import type { Problem } from '../core/config/problem.ts';
import { resolveProject } from '../core/config/resolve-project.ts';
import type { ProjectFiles, ResolvedProject } from '../core/config/resolved-project.ts';
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

/** Prints what is wrong with a file, one line a problem. Returns the exit code that says so. */
export function printProblems(problems: readonly Problem[], file: string, channel: Channel): number {
  for (const problem of problems) channel.write(`${formatProblem(problem, file)}\n`);
  channel.write(`${channel.paint('red', countProblems(problems.length))}\n`);
  return 1;
}

export function countProblems(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}

/** The text of a config file; `name` is what messages call it. Rejects with a `UsageError` that says what to do. */
export function readConfigFile(path: string, name: string): Promise<string> {
  return readTextFile(
    path,
    name,
    'Create it at the root of the repository; an empty file is enough to run the tests of a Go, ' +
      'Node, Python, Java or Rust project ("touch .tekton-ci.yml").',
  );
}

/** The same for a file of operator settings. */
export function readSettingsFile(path: string, name: string): Promise<string> {
  return readTextFile(path, name, 'Say where the operator settings are; an empty file means every default.');
}

async function readTextFile(path: string, name: string, whenMissing: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(error, name, whenMissing);
  }
}

function unreadable(error: unknown, name: string, whenMissing: string): UsageError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UsageError('file-missing', `there is no ${name}. ${whenMissing}`);
  }
  const reason = code === 'EISDIR' ? 'it is a directory; name the file in it' : `${String(code ?? error)}`;
  return new UsageError('file-unreadable', `${name} cannot be read: ${reason}.`, { cause: error });
}
