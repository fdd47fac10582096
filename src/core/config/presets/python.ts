import { accept, type Reading, refuse } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import { readToml } from '../toolchain/read-files.ts';
import type { Preset } from './preset.ts';

/** `pip install` of what the project declares, then `pytest`; a wheel as the build. */
export const pythonPreset: Preset = {
  test({ flags = [], packages = [] }, files) {
    const install = installs(files);
    if (!install.ok) return install;
    const command = ['python', '-m', 'pytest', ...flags, ...packages].map(quoteWord).join(' ');
    return accept({ commands: [...install.value, command] });
  },
  build({ flags = [], output = 'dist/' }, { entries }) {
    if (!isPackage(entries)) {
      return refuse('no-preset', 'There is no pyproject.toml or setup.py to build a package from', {
        instead: 'say the commands under `build:`',
      });
    }
    const command = ['python', '-m', 'build', '--outdir', output, ...flags].map(quoteWord).join(' ');
    return accept({ commands: ['pip install build', command] });
  },
};

const REQUIREMENTS = [
  'requirements.txt',
  'requirements-dev.txt',
  'requirements-test.txt',
  'dev-requirements.txt',
];

function installs({ entries, text }: ProjectFiles): Reading<string[]> {
  const files = REQUIREMENTS.filter((file) => entries.includes(file));
  const commands = files.map((file) => `pip install -r ${file}`);
  const project = readToml(text, 'pyproject.toml');
  if (!project.ok) return project;
  const isInstallable =
    entries.includes('setup.py') ||
    hasTable(project.value, ['project']) ||
    hasTable(project.value, ['build-system']);
  if (isInstallable) commands.push(`pip install ${quoteWord(`.${extras(project.value)}`)}`);
  // Declared or not, the preset runs pytest: where it is installed already, this changes nothing.
  return accept([...commands, 'pip install pytest']);
}

/** `[test]` and the like, when the project declares such extras. */
function extras(project: unknown): string {
  const names = ['test', 'tests', 'testing', 'dev'].filter((name) =>
    hasKey(project, ['project', 'optional-dependencies'], name),
  );
  const [first] = names;
  return first === undefined ? '' : `[${first}]`;
}

function isPackage(entries: readonly string[]): boolean {
  return entries.includes('pyproject.toml') || entries.includes('setup.py');
}

function hasTable(value: unknown, path: readonly string[]): boolean {
  return tableAt(value, path) !== undefined;
}

function hasKey(value: unknown, path: readonly string[], key: string): boolean {
  const table = tableAt(value, path);
  return table !== undefined && Object.hasOwn(table, key);
}

function tableAt(value: unknown, path: readonly string[]): object | undefined {
  let inner = value;
  for (const key of path) {
    inner =
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined;
  }
  return typeof inner === 'object' && inner !== null ? inner : undefined;
}
