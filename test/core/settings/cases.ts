import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CASES = new URL('../../cases/', import.meta.url).pathname;

export interface SettingsCase {
  readonly name: string;
  readonly directory: string;
  /** The text of its settings.yml. */
  readonly text: string;
  /** From repository.txt: the repository that expected.yaml is about; without it, it is about the whole file. */
  readonly repository?: string;
}

/** The folders under test/cases/<kind>, each a settings file and what is expected of it. */
export function casesOf(kind: 'settings' | 'bad-settings'): SettingsCase[] {
  return readdirSync(join(CASES, kind))
    .toSorted()
    .map((name) => {
      const directory = join(CASES, kind, name);
      const text = readFileSync(join(directory, 'settings.yml'), 'utf8');
      const file = join(directory, 'repository.txt');
      return {
        name,
        directory,
        text,
        ...(existsSync(file) && { repository: readFileSync(file, 'utf8').trim() }),
      };
    });
}
