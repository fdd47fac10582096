import type { ToolchainName } from '../config.ts';
import { goPreset } from './go.ts';
import { javaPreset } from './java.ts';
import { nodePreset } from './node.ts';
import type { Preset } from './preset.ts';
import { pythonPreset } from './python.ts';
import { rustPreset } from './rust.ts';

export const PRESETS: Readonly<Record<ToolchainName, Preset>> = {
  go: goPreset,
  node: nodePreset,
  python: pythonPreset,
  java: javaPreset,
  rust: rustPreset,
};
