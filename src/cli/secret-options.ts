import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Cli } from './ports.ts';
import { UsageError } from './usage-error.ts';

/** A secret that the command line gives: by a file, or by the environment or the terminal. */
export interface SecretOption {
  readonly name: string;
  readonly file?: string;
}

/** `NAME` or `NAME=FILE`. What follows the `=` is never repeated: it may be a value, by mistake. */
export function parseSecretOption(text: string): SecretOption {
  const at = text.indexOf('=');
  return at === -1 ? { name: text } : { name: text.slice(0, at), file: text.slice(at + 1) };
}

/**
 * The values of the secrets by name: of their files, else of the environment variables of their names, else what the terminal answers.
 * Rejects with a `UsageError` when there is none.
 */
export async function readSecrets(
  cli: Cli,
  options: readonly SecretOption[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  // One after the other: the terminal is asked one question at a time.
  for (const option of options) values.set(option.name, await readSecret(cli, option, signal));
  return values;
}

async function readSecret(cli: Cli, { name, file }: SecretOption, signal: AbortSignal): Promise<string> {
  if (file !== undefined) return readSecretFile(name, resolve(cli.directory, file));
  const value = cli.environment[name] ?? (await cli.ask(`${name}: `, signal));
  if (value !== null && value !== '') return value;
  throw new UsageError(
    'secret-missing',
    `the secret ${name} has no value: set the environment variable ${name}, or name a file that holds it, as in ` +
      `--secret ${name}=FILE.`,
  );
}

/** Editors end a file with a newline, which is no part of a token. */
async function readSecretFile(name: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      'secret-unreadable',
      `the file of --secret ${name}=FILE cannot be read (${error.code}): what follows "=" is the name of a file, never ` +
        'the value.',
    );
  });
  return text.replace(/\r?\n$/, '');
}
