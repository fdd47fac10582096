import { accept } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { Preset } from './preset.ts';

/** `go test` with the race detector, which needs cgo; a static `go build` for linux/amd64. */
export const goPreset: Preset = {
  test({ flags = ['-race', '-cover', '-v'], packages = ['./...'] }) {
    const command = ['go', 'test', ...flags, ...packages].map(quoteWord).join(' ');
    return accept({ commands: [command], ...(flags.includes('-race') && { env: { CGO_ENABLED: '1' } }) });
  },
  build({ flags = ['-v'], packages, output = 'bin/' }, { entries }) {
    const all = entries.includes('cmd') ? './cmd/...' : './...';
    const command = ['go', 'build', ...flags, '-o', output, ...(packages ?? [all])].map(quoteWord).join(' ');
    return accept({ commands: [command], env: { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64' } });
  },
};
