import { type ExecFileException, execFile } from 'node:child_process';
import type { Environment } from './ports.ts';
import { UsageError } from './usage-error.ts';

/** Runs git and resolves to what it printed. Rejects with a `GitError`, or with a `UsageError` when there is no git. */
export type Git = (...args: readonly string[]) => Promise<string>;

export class GitError extends Error {
  override readonly name = 'GitError';
  readonly stderr: string;

  constructor(command: string, stderr: string, options?: ErrorOptions) {
    super(`git ${command} failed: ${stderr.trim()}`, options);
    this.stderr = stderr;
  }
}

/**
 * What a hook of git has in its environment to point at its own repository (`git rev-parse --local-env-vars`, without
 * settings): `tekton-ci run` must work in a pre-push hook, and must never write to that index.
 */
const LOCAL_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];

/** Settings of the user that would run programs, write into the repository, or refuse what is only copied. */
const OVERRIDES = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.splitIndex=false',
  'core.untrackedCache=false',
  'core.sparseCheckout=false',
  'core.safecrlf=false',
];

/** A git that works in `directory`, with `variables` added to its environment. */
export function createGit(directory: string, environment: Environment, variables: Environment = {}): Git {
  const inherited = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !LOCAL_VARIABLES.includes(name)),
  );
  const env = { ...inherited, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', ...variables };
  const settings = OVERRIDES.flatMap((setting) => ['-c', setting]);
  return (...args) =>
    new Promise((resolve, reject) => {
      const options = { cwd: directory, env, maxBuffer: 256 * 1024 * 1024 };
      execFile('git', [...settings, ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(explain(error, args[0] ?? '', stderr));
      });
    });
}

function explain(error: ExecFileException, command: string, stderr: string): Error {
  if (error.code === 'ENOENT') {
    return new UsageError('git-missing', 'git was not found: install it, or add it to PATH.', {
      cause: error,
    });
  }
  return new GitError(command, stderr === '' ? error.message : stderr, { cause: error });
}
