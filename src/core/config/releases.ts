import { satisfies } from 'semver';
import type { ToolchainName } from './config.ts';

/** The release lines of a toolchain that we know, oldest first, and the one that is taken when nothing names a version. */
export interface Releases {
  readonly title: string;
  readonly lines: readonly string[];
  readonly preferred: string;
  /** What the preferred line is: "the current LTS". */
  readonly because: string;
  /** Names of lines: `lts`, `stable`, `lts/jod`. */
  readonly channels: Readonly<Record<string, string>>;
}

/** As of 2026-11-23, from go.dev/dl, nodejs.org/en/about/previous-releases, devguide.python.org/versions, adoptium.net and releases.rs. */
export const RELEASES: Readonly<Record<ToolchainName, Releases>> = {
  go: {
    title: 'Go',
    lines: ['1.24', '1.25', '1.26'],
    preferred: '1.26',
    because: 'the current stable line',
    channels: { stable: '1.26', latest: '1.26', current: '1.26' },
  },
  node: {
    title: 'Node',
    lines: ['20', '22', '24', '25', '26'],
    preferred: '24',
    because: 'the current LTS',
    channels: {
      lts: '24',
      'lts/*': '24',
      'lts/-1': '22',
      'lts/-2': '20',
      'lts/iron': '20',
      'lts/jod': '22',
      'lts/krypton': '24',
      stable: '26',
      latest: '26',
      current: '26',
      node: '26',
    },
  },
  python: {
    title: 'Python',
    lines: ['3.10', '3.11', '3.12', '3.13', '3.14'],
    preferred: '3.14',
    because: 'the current stable line',
    channels: { stable: '3.14', latest: '3.14', current: '3.14' },
  },
  java: {
    title: 'Java',
    lines: ['8', '11', '17', '21', '25'],
    preferred: '25',
    because: 'the current LTS',
    channels: { lts: '25', 'lts/*': '25', stable: '25', latest: '25', current: '25' },
  },
  rust: {
    title: 'Rust',
    // Rust keeps its promise of compatibility, so one line is all there is to choose from.
    lines: ['1'],
    preferred: '1',
    because: 'the current stable line',
    // Rustup is in the image and installs the channel that the repository's file names.
    channels: { stable: '1', latest: '1', current: '1', beta: '1', nightly: '1' },
  },
};

/**
 * The newest line that all of the ranges allow. A line is taken by its newest release, since that is what its image holds;
 * ranges too narrow for any whole line (`~24.2.0`) give the part of a line that they name.
 */
export function newestLine(ranges: readonly string[], { lines }: Releases): string | undefined {
  const allowed = (line: string) => ranges.every((range) => satisfies(newestOf(line), range));
  return lines.findLast(allowed) ?? partsOfLine(ranges, lines).find(allowed);
}

/** The minor line and the release that the ranges name, when they are of a line that we know. */
function partsOfLine(ranges: readonly string[], lines: readonly string[]): string[] {
  const named = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(ranges.join(' '));
  if (named === null) return [];
  const [release, major = '', minor = ''] = named;
  const isKnown = lines.includes(major) || lines.includes(`${major}.${minor}`);
  return isKnown ? [`${major}.${minor}`, release] : [];
}

/** `24` → 24.999.999: a release that the line has not outgrown and will not. */
function newestOf(line: string): string {
  const [major = '0', minor = '999', patch = '999'] = line.split('.');
  return `${major}.${minor}.${patch}`;
}
