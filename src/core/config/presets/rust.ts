import { accept, type Reading } from '../finding.ts';
import { quoteWord } from '../quote-word.ts';
import type { Preset, PresetCommands } from './preset.ts';

/** `cargo test` and `cargo build --release`; packages are those of the workspace. */
export const rustPreset: Preset = {
  test({ flags = [], packages = [] }) {
    return cargo(['test', ...selected(packages), ...flags]);
  },
  build({ flags = ['--release'], packages = [], output }) {
    const target = output === undefined ? [] : ['--target-dir', output];
    return cargo(['build', ...selected(packages), ...flags, ...target]);
  },
};

function selected(packages: readonly string[]): string[] {
  return packages.flatMap((name) => ['--package', name]);
}

function cargo(words: readonly string[]): Reading<PresetCommands> {
  return accept({ commands: [['cargo', ...words].map(quoteWord).join(' ')] });
}
