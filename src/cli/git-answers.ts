import { access } from 'node:fs/promises';
import { type Git, GitError } from './git.ts';

/** The one line that git printed. */
export async function line(printed: Promise<string>): Promise<string> {
  return (await printed).replace(/\n$/, '');
}

/** What git printed, or null when it failed. */
export async function optional(printed: Promise<string>): Promise<string | null> {
  try {
    return await line(printed);
  } catch (error) {
    if (error instanceof GitError) return null;
    throw error;
  }
}

/** What git printed with `-z`: names, each ended by NUL. */
export async function list(printed: Promise<string>): Promise<string[]> {
  return (await printed).split('\0').slice(0, -1);
}

/** Where git keeps a file of its own (`index`, `objects`): in a linked working tree not where one would think. */
export function gitPath(git: Git, name: string): Promise<string> {
  return line(git('rev-parse', '--path-format=absolute', '--git-path', name));
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
