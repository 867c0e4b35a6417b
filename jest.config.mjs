/** By swc, which only strips the types. `tsx` apart, because there a generic arrow function reads as an element. */
const compile = (tsx) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx },
      transform: { react: { runtime: 'automatic' } },
      experimental: { keepImportAttributes: true },
    },
    module: { type: 'es6' },
  },
];

/** Jest runs the TypeScript sources themselves, as native ES modules. */
export default {
  testEnvironment: '<rootDir>/test/jest/environment.mjs',
  testEnvironmentOptions: {
    // The sources, not dist/. No 'import' here: it breaks CommonJS dependencies.
    customExportConditions: ['deepstyle:source', 'node', 'node-addons'],
  },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.ts$': compile(false), '^.+\\.tsx$': compile(true) },
  testMatch: ['**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '/fixtures/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  // Tests start servers and train; none asserts on a clock. The limit is for a test that hangs, also on a slow machine.
  testTimeout: 180_000,
  maxWorkers: 2,
  // Modules of a test file stay in its worker's memory: past this a worker is replaced.
  workerIdleMemoryLimit: '1500MB',
  reporters: ['default', '<rootDir>/test/jest/summary-reporter.mjs'],
};
