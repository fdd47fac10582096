/** Limits of a `.tekton-ci.yml`. Reaching past one is an error, never silent. */
export const LIMITS = {
  /** Bytes of UTF-8. */
  fileBytes: 64 * 1024,
  projects: 32,
  versions: 16,
  services: 10,
  targets: 16,
  commands: 100,
  /** Entries of any other list or map. */
  entries: 100,
  /** Collections inside collections; a config needs six. */
  depth: 32,
  /** Values once every alias is written out; the largest file without aliases has fewer. */
  nodes: 40_000,
} as const;
