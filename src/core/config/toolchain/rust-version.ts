import { accept, type Reading } from '../finding.ts';
import type { ProjectFiles } from '../resolved-project.ts';
import type { WantedVersion } from './choose-version.ts';
import { firstWord, readToml, textAt } from './read-files.ts';

/**
 * The channel of rust-toolchain(.toml), then `rust-version` of Cargo.toml. Channels such as `nightly` are the stable image's
 * business: its rustup reads the same file and installs what it names.
 */
export function rustVersion({ text }: ProjectFiles): Reading<WantedVersion | undefined> {
  for (const from of ['rust-toolchain.toml', 'rust-toolchain']) {
    const channel = channelOf(text, from);
    if (!channel.ok) return channel;
    if (channel.value !== undefined) return accept({ text: release(channel.value), from });
  }
  const from = 'Cargo.toml';
  const manifest = readToml(text, from);
  if (!manifest.ok) return manifest;
  const version =
    textAt(manifest.value, ['package', 'rust-version']) ??
    textAt(manifest.value, ['workspace', 'package', 'rust-version']);
  return accept(version === undefined ? undefined : { text: version.trim(), from });
}

function channelOf(text: ProjectFiles['text'], file: string): Reading<string | undefined> {
  const content = text[file];
  if (content === undefined) return accept(undefined);
  // The older file may hold the channel alone. https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file
  if (file === 'rust-toolchain' && !content.includes('[')) return accept(firstWord(content));
  const toml = readToml(text, file);
  return toml.ok ? accept(textAt(toml.value, ['toolchain', 'channel'])) : toml;
}

/** `1.85.0-x86_64-unknown-linux-gnu` → `1.85.0`; a channel's date and target are rustup's. */
function release(channel: string): string {
  return /^(?:\d+(?:\.\d+)*|[a-z]+)/.exec(channel)?.[0] ?? channel;
}
