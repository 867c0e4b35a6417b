// Which part of the house may import which. `check` runs it; the type checker alone cannot see these.
const LEAVES = 'platform|contracts|engine|vision';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other, types included, are one idea, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'siblings-by-name',
      comment: 'Another package is imported by its name, so that its exports say what is public.',
      severity: 'error',
      from: { path: '^((?:packages|services)/[^/]+|gateway)/' },
      to: {
        path: '^(packages|services|gateway)/',
        pathNot: '^$1/',
        dependencyTypes: ['local'],
      },
    },
    {
      name: 'no-service-imports-another',
      comment: 'Services meet in contracts: gRPC and events.',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'leaves-import-no-sibling',
      comment: 'platform, contracts, engine and vision stand on third parties alone.',
      severity: 'error',
      from: { path: `^packages/(${LEAVES})/src/` },
      to: { path: '^(packages|services|gateway)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'storage-imports-platform-only',
      severity: 'error',
      from: { path: '^packages/storage/src/' },
      to: { path: '^(packages|services|gateway)/', pathNot: '^packages/(storage|platform)/' },
    },
    {
      name: 'service-imports-platform-contracts-storage-vision',
      severity: 'error',
      from: { path: '^packages/service/src/' },
      to: {
        path: '^(packages|services|gateway)/',
        pathNot: '^packages/(service|platform|contracts|storage|vision)/',
      },
    },
    {
      name: 'training-imports-engine-and-service-kit',
      comment: 'What trains, as the services share it; it knows no product service.',
      severity: 'error',
      from: { path: '^packages/training/src/' },
      to: {
        path: '^(packages|services|gateway)/',
        pathNot: '^packages/(training|platform|contracts|storage|service|engine|vision)/',
      },
    },
    {
      name: 'packages-import-no-service',
      comment: 'Only the command line composes services.',
      severity: 'error',
      from: { path: '^packages/', pathNot: '^packages/cli/' },
      to: { path: '^(services|gateway)/' },
    },
    {
      name: 'services-and-gateway-import-building-blocks',
      comment:
        'Not the command line, the page, or what tests are made of; the gateway reads schemas, not services.',
      severity: 'error',
      from: { path: '^(services/[^/]+|gateway)/src/' },
      to: { path: ['^packages/(cli|web|testkit)/', '^(test|bench|scripts)/'] },
    },
    {
      name: 'gateway-imports-no-service',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^services/' },
    },
    {
      name: 'models-import-no-io',
      comment: 'A model is a function of tensors: tfjs, the engine, vision, and its own folder.',
      severity: 'error',
      from: { path: '^services/[^/]+/src/model/' },
      to: {
        pathNot: [
          '^services/[^/]+/src/model/',
          '^packages/(engine|vision)/',
          'node_modules/@tensorflow/',
        ],
      },
    },
    {
      name: 'sources-import-no-test',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '(^|/)test/', pathNot: 'node_modules' },
    },
    {
      name: 'resolvable',
      comment: 'Misspelt, or missing from the package.json of its package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // The sources of our own packages, as every other tool here sees them.
      conditionNames: ['deepstyle:source', 'import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
