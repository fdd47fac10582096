import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Role } from '../test/github/world.ts';
import type { Commit, Stage } from './stage.ts';

const EXAMPLE = fileURLToPath(new URL('../examples/node/', import.meta.url));

export interface ExampleOptions {
  readonly private: boolean;
  /** What it has besides the example's files, or instead of them. */
  readonly files?: Readonly<Record<string, string>>;
  readonly collaborators?: Readonly<Record<string, Role>>;
}

/** Pushes the example, whose tests need nothing but Node. */
export async function pushExample(
  { github, narrator }: Stage,
  { files = {}, ...options }: ExampleOptions,
): Promise<Commit> {
  const message = 'Greet strangers too';
  const repository = await github.createRepository({ owner: 'acme', name: 'greeter', ...options });
  const { sha } = await github.pushFiles(repository, {
    files: { ...(await readFiles(EXAMPLE)), ...files },
    message,
  });
  narrator.act('push', `acme/greeter main ${sha.slice(0, 7)} "${message}"`);
  return { repository: repository.fullName, sha };
}

/** A change of it that is as good as the rest. */
export const CHANGE = {
  message: 'Say goodbye too',
  branch: 'goodbye',
  files: {
    'src/goodbye.js': "export const goodbye = (name) => 'Goodbye, ' + name + '!';\n",
    'test/goodbye.test.js': [
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      "import { goodbye } from '../src/goodbye.js';",
      '',
      "test('says goodbye by name', () => {",
      "  assert.equal(goodbye('Ada'), 'Goodbye, Ada!');",
      '});',
      '',
    ].join('\n'),
  },
} as const;

async function readFiles(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file.slice(directory.length), await readFile(file, 'utf8')] as const;
      }),
    ),
  );
}
