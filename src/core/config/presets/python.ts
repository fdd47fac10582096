import { accept, type Reading, refuse } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import { readToml, valueAt } from '../toolchain/read-files.ts';
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

const EXTRAS = ['test', 'tests', 'testing', 'dev'];

function installs({ entries, text }: ProjectFiles): Reading<string[]> {
  const read = readToml(text, 'pyproject.toml');
  if (!read.ok) return read;
  const project = read.value;
  const files = REQUIREMENTS.filter((file) => entries.includes(file));
  const isDeclared = ['project', 'build-system'].some((table) => valueAt(project, [table]) !== undefined);
  const extra = EXTRAS.find(
    (name) => valueAt(project, ['project', 'optional-dependencies', name]) !== undefined,
  );
  const itself = quoteWord(extra === undefined ? '.' : `.[${extra}]`);
  return accept([
    ...files.map((file) => `pip install -r ${file}`),
    ...(isDeclared || entries.includes('setup.py') ? [`pip install ${itself}`] : []),
    // Declared or not, the preset runs pytest: where it is installed already, this changes nothing.
    'pip install pytest',
  ]);
}

function isPackage(entries: readonly string[]): boolean {
  return entries.includes('pyproject.toml') || entries.includes('setup.py');
}
