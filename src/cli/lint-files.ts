import { dirname, resolve } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { formatProblem } from '../core/config/format-problem.ts';
import type { Problem } from '../core/config/problem.ts';
import { CONFIG_FILE } from '../core/config/toolchain-files.ts';
import { parseSettings } from '../core/settings/parse-settings.ts';
import { readDirectoryFiles } from './directory-files.ts';
import { githubAnnotation } from './github-annotation.ts';
import { countProblems, loadConfig, readConfigFile, readSettingsFile } from './load-config.ts';
import type { Channel, Output } from './output.ts';
import type { Cli } from './ports.ts';
import { UsageError } from './usage-error.ts';

export type LintFormat = 'text' | 'json' | 'github';

interface CheckedFile {
  readonly file: string;
  readonly problems: readonly Problem[];
  /** By project, what was decided for it; only for a file without problems. */
  readonly projects: readonly { readonly name: string; readonly decisions: readonly string[] }[];
}

export interface LintOptions {
  readonly format: LintFormat;
  /** The files are operator settings. */
  readonly settings?: true;
}

const STDIN = '-';

/** Checks the files (default: the current directory's config) and prints what is wrong with them. Resolves to the exit code. */
export async function lintFiles(
  cli: Cli,
  files: readonly string[],
  { format, settings }: LintOptions,
): Promise<number> {
  const check = settings ? checkSettings : checkConfig;
  const checked: CheckedFile[] = [];
  const unreadable: UsageError[] = [];
  for (const file of new Set(files.length === 0 ? defaultFiles(settings) : files)) {
    try {
      checked.push(await check(cli, file));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      unreadable.push(error);
    }
  }
  print(checked, cli.output, format);
  for (const { message } of unreadable) {
    cli.output.err.write(`${cli.output.err.paint('red', 'error:')} ${message}\n`);
  }
  if (unreadable.length > 0) return 2;
  return checked.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

function defaultFiles(settings: LintOptions['settings']): string[] {
  if (!settings) return [CONFIG_FILE];
  throw new UsageError('file-unnamed', 'which file? Operator settings have no name of their own.');
}

async function checkConfig(cli: Cli, file: string): Promise<CheckedFile> {
  const path = resolve(cli.directory, file);
  const text = file === STDIN ? await readText(cli.stdin) : await readConfigFile(path, file);
  const root = file === STDIN ? cli.directory : dirname(path);
  const loaded = await loadConfig(text, readDirectoryFiles(root));
  const name = file === STDIN ? CONFIG_FILE : file;
  if (!loaded.ok) return { file: name, problems: loaded.problems, projects: [] };
  return {
    file: name,
    problems: [],
    projects: loaded.projects.map(({ name: project, decisions }) => ({ name: project, decisions })),
  };
}

async function checkSettings(cli: Cli, file: string): Promise<CheckedFile> {
  const text =
    file === STDIN ? await readText(cli.stdin) : await readSettingsFile(resolve(cli.directory, file), file);
  const parsed = parseSettings(text);
  return { file, problems: parsed.ok ? [] : parsed.problems, projects: [] };
}

function print(checked: readonly CheckedFile[], { out }: Output, format: LintFormat): void {
  switch (format) {
    case 'text':
      printText(checked, out);
      break;
    case 'json':
      out.write(`${JSON.stringify({ files: checked }, null, 2)}\n`);
      break;
    case 'github':
      for (const { file, problems } of checked) {
        for (const problem of problems) out.write(`${githubAnnotation(problem, file)}\n`);
      }
  }
}

function printText(checked: readonly CheckedFile[], out: Channel): void {
  for (const result of checked) {
    if (result.problems.length === 0) printGood(result, out);
    for (const problem of result.problems) out.write(`${formatProblem(problem, result.file)}\n`);
  }
  const total = checked.reduce((sum, { problems }) => sum + problems.length, 0);
  if (total > 0) out.write(`${out.paint('red', countProblems(total))}\n`);
}

function printGood({ file, projects }: CheckedFile, out: Channel): void {
  out.write(`${file}: ${out.paint('green', 'ok')}\n`);
  for (const { name, decisions } of projects) {
    const prefix = name === '.' ? '' : `${name}: `;
    for (const decision of decisions) out.write(`${out.paint('dim', `  ${prefix}${decision}`)}\n`);
  }
}
