/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Those have scripts of their own.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(browser|api|cluster|podman|long)/'],
  coverageProvider: 'babel',
  // What talks to Kubernetes is run by test:api, on a real API server.
  collectCoverageFrom: ['src/**/*.ts', '!src/tekton/*.ts'],
  setupFiles: ['<rootDir>/test/property-seed.ts'],
  // Tests of whole programs wait more than they compute.
  maxWorkers: 4,
  // Starting a program takes the longer the more memory its parent has.
  workerIdleMemoryLimit: '300MB',
  testTimeout: 60_000,
};
