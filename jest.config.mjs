/** Jest runs the TypeScript sources themselves, as native ES modules. */
export default {
  testEnvironment: '<rootDir>/test/jest/environment.mjs',
  testEnvironmentOptions: {
    // The sources, not dist/. No 'import' here: it breaks CommonJS dependencies.
    customExportConditions: ['deepstyle:source', 'node', 'node-addons'],
  },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testTimeout: 60_000,
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/test/jest/summary-reporter.mjs'],
};
