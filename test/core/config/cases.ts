import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { CONFIG_FILE } from '../../../src/core/config/toolchain-files.ts';

const CASES = new URL('../../cases/', import.meta.url).pathname;

export interface ConfigCase {
  readonly name: string;
  readonly directory: string;
  /** The text of its `.tekton-ci.yml`. */
  readonly text: string;
  /** The repository's other files, by path, from files.yaml: real ones would be found by tools that look for package.json. */
  readonly files: Readonly<Record<string, string>>;
}

/** The folders under test/cases/<kind>, each a config and what is expected of it. */
export function casesOf(kind: 'config' | 'bad-config'): ConfigCase[] {
  return readdirSync(join(CASES, kind))
    .toSorted()
    .map((name) => {
      const directory = join(CASES, kind, name);
      const text = readFileSync(join(directory, CONFIG_FILE), 'utf8');
      return { name, directory, text, files: filesOf(join(directory, 'files.yaml')) };
    });
}

function filesOf(file: string): ConfigCase['files'] {
  return existsSync(file) ? (load(readFileSync(file, 'utf8')) as ConfigCase['files']) : {};
}

/** The case's expected.yaml. With UPDATE_CASES=1 it is first written anew from `actual`, to be read before it is kept. */
export function expectedOf({ directory }: Pick<ConfigCase, 'directory'>, actual: unknown): unknown {
  const file = join(directory, 'expected.yaml');
  if (process.env.UPDATE_CASES === '1' || !existsSync(file)) {
    if (process.env.UPDATE_CASES !== '1')
      throw new Error(`${file} does not exist; write it, or set UPDATE_CASES=1`);
    writeFileSync(file, dump(plain(actual), { lineWidth: 120, noRefs: true }));
  }
  return load(readFileSync(file, 'utf8'));
}

/** The value as YAML can hold it: no keys without a value. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
