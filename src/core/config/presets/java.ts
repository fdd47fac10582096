import { accept, type Reading, refuse } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { Preset, PresetCommands } from './preset.ts';

/** Maven, or Gradle by its wrapper; the wrapper of either where there is one. */
export const javaPreset: Preset = {
  test({ flags = [] }, { entries }) {
    return run(entries, { maven: ['verify'], gradle: ['check'] }, flags);
  },
  build({ flags = [] }, { entries }) {
    return run(entries, { maven: ['package', '-DskipTests'], gradle: ['assemble'] }, flags);
  },
};

type Goals = Readonly<Record<'maven' | 'gradle', readonly string[]>>;

function run(
  entries: ProjectFiles['entries'],
  goals: Goals,
  flags: readonly string[],
): Reading<PresetCommands> {
  const has = (name: string) => entries.includes(name);
  if (has('pom.xml')) return line([has('mvnw') ? './mvnw' : 'mvn', '-B', ...goals.maven, ...flags]);
  if (has('build.gradle') || has('build.gradle.kts')) {
    return line([has('gradlew') ? './gradlew' : 'gradle', ...goals.gradle, ...flags]);
  }
  return refuse('no-preset', 'There is no pom.xml or build.gradle', {
    instead: 'say the commands under `test:`',
  });
}

function line(words: readonly string[]): Reading<PresetCommands> {
  return accept({ commands: [words.map(quoteWord).join(' ')] });
}
