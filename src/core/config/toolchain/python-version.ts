import { accept, type Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { WantedVersion } from './choose-version.ts';
import { firstWord, readToml, textAt } from './read-files.ts';

/** `.python-version`, then `requires-python` of pyproject.toml (Poetry's own key where that is absent). */
export function pythonVersion({ text }: ProjectFiles): Reading<WantedVersion | undefined> {
  const word = firstWord(text['.python-version']);
  if (word !== undefined)
    return accept({ text: word.replace(/^(?:cpython-|python-)/, ''), from: '.python-version' });
  const from = 'pyproject.toml';
  const project = readToml(text, from);
  if (!project.ok) return project;
  const range = textAt(project.value, ['project', 'requires-python']) ?? textAt(project.value, POETRY);
  return accept(range === undefined ? undefined : { text: range.trim(), from });
}

const POETRY = ['tool', 'poetry', 'dependencies', 'python'];
