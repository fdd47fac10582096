import { accept, type Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { WantedVersion } from './choose-version.ts';

const VERSION = '(\\d+(?:\\.\\d+){0,2}(?:(?:rc|beta)\\d+)?)';

/** The `toolchain` line of go.mod, then its `go` line. https://go.dev/ref/mod#go-mod-file-toolchain */
export function goVersion({ text }: ProjectFiles): Reading<WantedVersion | undefined> {
  const module = text['go.mod'] ?? '';
  const toolchain = new RegExp(`^toolchain\\s+go${VERSION}`, 'm').exec(module);
  const version = (toolchain ?? new RegExp(`^go\\s+${VERSION}\\s*(?://.*)?$`, 'm').exec(module))?.[1];
  return accept(version === undefined ? undefined : { text: version, from: 'go.mod' });
}
