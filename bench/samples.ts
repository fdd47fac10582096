/** Two lines, as most repositories have. */
export const SMALL = 'go: 1.25\nbuild: on\n';

/** The most that a config may have: 32 projects, each with everything. */
export const LARGE = [
  'env: { CI_REGION: eu, PRICE: "$5" }',
  'timeout: 30m',
  'projects:',
  ...Array.from({ length: 32 }, (_, index) =>
    [
      `  service-${index}:`,
      `    go: [1.24, 1.25, 1.26]`,
      `    watch: [libs/**, proto/*.proto]`,
      `    test: { flags: [-race, -v], timeout: 10m, env: { NAME: service-${index} } }`,
      `    build: { output: bin/service, packages: ./cmd/service }`,
      `    image: ghcr.io/acme/service-${index}`,
      `    deploy: { chart: ./helm, namespace: acme }`,
    ].join('\n'),
  ),
].join('\n');

/** Makes a directory a Go project. */
export const GO_MOD = 'module example.com/a\n\ngo 1.25\n';
