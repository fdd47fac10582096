import { accept } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { Preset } from './preset.ts';

/** `go test` with the race detector, which needs cgo; a static `go build` for linux/amd64. */
export const goPreset: Preset = {
  test({ flags, packages = ['./...'] }, _files, env) {
    const isRaceless = flags === undefined && env.CGO_ENABLED === '0';
    const used = flags ?? ['-race', '-cover', '-v'].filter((flag) => !(isRaceless && flag === '-race'));
    return accept({
      commands: [['go', 'test', ...used, ...packages].map(quoteWord).join(' ')],
      ...(used.includes('-race') && { env: { CGO_ENABLED: '1' } }),
      ...(isRaceless && { decision: 'Tests run without -race, which needs cgo: CGO_ENABLED is 0' }),
    });
  },
  build({ flags = ['-v'], packages, output = 'bin/' }, { entries }) {
    const all = entries.includes('cmd') ? './cmd/...' : './...';
    const command = ['go', 'build', ...flags, '-o', output, ...(packages ?? [all])].map(quoteWord).join(' ');
    return accept({ commands: [command], env: { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64' } });
  },
};
