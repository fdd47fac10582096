import type { Resources, ToolchainName } from '../config/config.ts';

/** What the operator decides about rendering; never in the repository. */
export interface RenderSettings {
  readonly namespace: string;
  /** Image of the clone step, and one for each toolchain with `{version}` where the version goes. */
  readonly images: Readonly<Record<'git' | ToolchainName, string>>;
  readonly pullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** The most seconds that a repository may ask for. */
  readonly timeout: number;
  readonly resources: Resources;
}

export const DEFAULT_RENDER_SETTINGS: RenderSettings = {
  namespace: 'ci',
  images: {
    git: 'alpine/git:2.52.0',
    go: 'golang:{version}',
    node: 'node:{version}',
    python: 'python:{version}',
    java: 'maven:3-eclipse-temurin-{version}',
    rust: 'rust:{version}',
  },
  pullPolicy: 'IfNotPresent',
  timeout: 2 * 3600,
  resources: { cpu: '500m', memory: '1Gi' },
};
