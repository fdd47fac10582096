import { accept, type Reading } from '../finding.ts';
import { RELEASES } from '../releases.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { WantedVersion } from './choose-version.ts';
import { firstWord, readPomProperties } from './read-files.ts';

/** `.java-version`, `maven.compiler.release` or `java.version` of pom.xml, then the toolchain of a Gradle build. */
export function javaVersion({ text }: ProjectFiles): Reading<WantedVersion | undefined> {
  const word = firstWord(text['.java-version']);
  if (word !== undefined) return accept(release(word, '.java-version'));
  const pom = readPomProperties(text);
  if (!pom.ok) return pom;
  const fromPom = pomRelease(pom.value ?? {});
  if (fromPom !== undefined) return accept(release(fromPom, 'pom.xml'));
  for (const from of ['build.gradle', 'build.gradle.kts']) {
    const version = /^(?!\s*\/\/).*(?:JavaLanguageVersion\.of|jvmToolchain)\(\s*["']?(\d+)/m.exec(
      text[from] ?? '',
    )?.[1];
    if (version !== undefined) return accept(release(version, from));
  }
  return accept(undefined);
}

function pomRelease(properties: Readonly<Record<string, string>>): string | undefined {
  for (const name of ['maven.compiler.release', 'java.version']) {
    const value = (properties[name] ?? '').trim();
    const reference = /^\$\{([\w.-]+)\}$/.exec(value)?.[1];
    const version = reference === undefined ? value : (properties[reference] ?? '').trim();
    if (/\d/.test(version)) return version;
  }
  return undefined;
}

/**
 * The JDK for a release: `1.8` is 8, `temurin-21.0.2` is 21. Only some releases have images, and each JDK compiles for the
 * older ones, so the next known line is taken.
 */
function release(text: string, from: string): WantedVersion | undefined {
  const major = /(?:^|-)(?:1\.)?(\d+)/.exec(text)?.[1];
  if (major === undefined) return undefined;
  const line = RELEASES.java.lines.find((known) => Number(known) >= Number(major));
  return { text: line ?? major, from };
}
