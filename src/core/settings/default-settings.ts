import type { OperatorSettings } from './settings.ts';

const DAY = 24 * 3600;

/** Of a run's own claim. */
export const DEFAULT_SIZE = '5Gi';

/** What an empty settings file means. */
export const DEFAULT_SETTINGS: OperatorSettings = {
  namespace: 'ci',
  layout: 'pod',
  storage: { size: DEFAULT_SIZE },
  startTimeout: 600,
  timeout: 2 * 3600,
  resources: { cpu: '500m', memory: '1Gi' },
  images: {
    git: 'alpine/git:2.52.0',
    go: 'golang:{version}',
    node: 'node:{version}',
    python: 'python:{version}',
    java: 'maven:3-eclipse-temurin-{version}',
    rust: 'rust:{version}',
    kaniko: 'ghcr.io/osscontainertools/kaniko:v1.28.3',
    deploy: 'alpine/k8s:1.34.1',
  },
  pullPolicy: 'IfNotPresent',
  kaniko: { args: [] },
  clone: { sslVerify: true, refspec: [], subdirectory: '.' },
  podTemplate: { nodeSelector: {}, tolerations: [], imagePullSecrets: [], hostAliases: [] },
  git: [],
  submodules: [],
  limits: { perRepository: 4, total: 20 },
  keep: { perProject: 20, for: 30 * DAY },
  links: { generation: '' },
  bots: ['dependabot[bot]'],
  repositories: [],
};
