import type { ToolchainName } from '../config.ts';
import { accept, quoted, type Reading, refuse } from '../finding.ts';
import { newestLine, RELEASES } from '../releases.ts';
import { semverRanges } from '../values/python-range.ts';
import { isExactVersion } from '../values/version.ts';

/** A version that a file or the config asks for: exact, a channel or a range. */
export interface WantedVersion {
  readonly text: string;
  /** The file that says so. */
  readonly from: string;
}

export interface ChosenVersion {
  readonly version: string;
  /** "Go 1.25 from go.mod" */
  readonly decision: string;
}

/**
 * The version that is wanted, as images are tagged: an exact one as it is, of a range or channel the newest release line
 * that we know, and the preferred line when nothing is wanted. Refuses a range that no known line satisfies.
 */
export function chooseVersion(
  toolchain: ToolchainName,
  wanted: WantedVersion | undefined,
): Reading<ChosenVersion> {
  const releases = RELEASES[toolchain];
  const { title, preferred, because, channels } = releases;
  if (wanted === undefined) {
    return accept({
      version: preferred,
      decision: `${title} ${preferred}, ${because}: no file names a version`,
    });
  }
  const { text, from } = wanted;
  if (isExactVersion(text)) return accept({ version: text, decision: `${title} ${text} from ${from}` });
  const channel = Object.hasOwn(channels, text) ? channels[text] : undefined;
  if (channel !== undefined) {
    return accept({ version: channel, decision: `${title} ${channel} for ${quoted(text)} from ${from}` });
  }
  const version = newestLine(toolchain === 'python' ? semverRanges(text) : [text], releases);
  if (version !== undefined) {
    return accept({
      version,
      decision: `${title} ${version}, the newest known line for ${quoted(text)} in ${from}`,
    });
  }
  return refuse(
    'no-release',
    `No release of ${title} that is known here satisfies ${quoted(text)} of ${from}`,
    {
      expected: `one of ${releases.lines.join(', ')}`,
      instead: `name a version: \`${toolchain}: "${preferred}"\``,
    },
  );
}
