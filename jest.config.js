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
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(browser|api|cluster)/'],
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/**/*.ts'],
  setupFiles: ['<rootDir>/test/property-seed.ts'],
  maxWorkers: 2,
  testTimeout: 60_000,
};
