import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface GitOptions {
  readonly input?: string | Buffer;
  /** Exit codes that are answers, not failures. */
  readonly accept?: readonly number[];
}

/** The whole environment of every git process: nothing of the machine's or the user's configuration reaches it. */
export function gitEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Developer',
    GIT_AUTHOR_EMAIL: 'developer@example.com',
    GIT_COMMITTER_NAME: 'Developer',
    GIT_COMMITTER_EMAIL: 'developer@example.com',
  };
}

/** Runs git in a directory and resolves to its output; rejects with its words when it fails. */
export async function runGit(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const child = spawn('git', [...args], { cwd: directory, env: gitEnvironment(directory) });
  // A git that ends before it has read everything says so by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  if (code !== 0 && !options.accept?.includes(code ?? -1)) {
    throw new Error(`git ${args[0]} ended with ${code}: ${complaint.trim()}`);
  }
  return output;
}
