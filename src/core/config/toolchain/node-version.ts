import { accept, type Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { WantedVersion } from './choose-version.ts';
import { firstWord, readJson } from './read-files.ts';

/** `.nvmrc`, `.node-version`, then `engines.node` of package.json. */
export function nodeVersion({ text }: ProjectFiles): Reading<WantedVersion | undefined> {
  for (const from of ['.nvmrc', '.node-version']) {
    const word = firstWord(text[from]);
    if (word !== undefined) return accept({ text: word.replace(/^v(?=\d)/, '').toLowerCase(), from });
  }
  const manifest = readJson(text, 'package.json');
  if (!manifest.ok) return manifest;
  const range = manifest.value?.engines?.node?.trim();
  return accept(range ? { text: range, from: 'package.json' } : undefined);
}
