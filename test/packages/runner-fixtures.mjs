import { COMPILER_OPTIONS } from './runner-cases.mjs';
import { recipe } from './recipe.mjs';

const SWC = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
  },
};

const BABEL = {
  presets: [['@babel/preset-env', { targets: { node: 'current' } }], '@babel/preset-typescript'],
  plugins: [
    'babel-plugin-transform-typescript-metadata',
    ['@babel/plugin-proposal-decorators', { version: 'legacy' }],
    'babel-plugin-parameter-decorator',
  ],
};

const jestOf = (transform) => ({
  'jest.config.json': JSON.stringify({
    testRegex: '.*\\.spec\\.ts$',
    transform: { '^.+\\.(t|j)s$': transform },
  }),
});

/** A CommonJS suite, configured as the Nest CLI does it, or as its transform asks for. */
const JEST = {
  'ts-jest': jestOf('ts-jest'),
  '@swc/jest': jestOf(['@swc/jest', SWC]),
  'babel-jest': jestOf(['babel-jest', BABEL]),
};

const JEST_OF_MODULES = {
  'jest.config.json': JSON.stringify({
    testRegex: '.*\\.spec\\.ts$',
    extensionsToTreatAsEsm: ['.ts'],
    moduleNameMapper: { '^(\\./.+)\\.js$': '$1' },
    transform: { '^.+\\.ts$': ['ts-jest', { useESM: true }] },
  }),
};

const JEST_BIN = 'node_modules/jest/bin/jest.js';
const VM_MODULES = '--experimental-vm-modules';
const VITEST = ['node_modules/vitest/vitest.mjs', 'run', 'orders.spec.ts'];
const NEST_BIN = 'node_modules/@nestjs/cli/bin/nest.js';

const jestCells = Object.entries(JEST).flatMap(([name, files]) => [
  { name, nest: 'nest 11', node: 'node 22', type: 'commonjs', files, run: [[JEST_BIN]] },
  { name, nest: 'nest 11', node: 'node 24', type: 'commonjs', files, run: [[JEST_BIN]] },
  {
    name,
    nest: 'nest 12',
    node: 'node 24',
    type: 'commonjs',
    files,
    run: [[VM_MODULES, JEST_BIN]],
  },
]);

const nest12 = { nest: 'nest 12', node: 'node 24' };
const types = ['module', 'commonjs'];

/** The CLI's webpack builder takes no ES modules. */
const builderCells = ['tsc', 'swc', 'webpack', 'rspack'].flatMap((builder) =>
  types
    .filter((type) => builder !== 'webpack' || type === 'commonjs')
    .map((type) => ({
      ...nest12,
      name: `nest build, ${builder}`,
      type,
      files: {
        'nest-cli.json': JSON.stringify({ sourceRoot: 'src', compilerOptions: { builder } }),
      },
      run: [[NEST_BIN, 'build'], ['dist/main.js']],
    })),
);

const typesOf = (moduleResolution, module, type, nest = 'nest 12') => ({
  ...nest12,
  nest,
  name: `types by ${moduleResolution}`,
  type,
  files: { 'tsconfig.json': JSON.stringify(configOf(moduleResolution, module)) },
  run: [['node_modules/typescript/bin/tsc', '--noEmit']],
});

const configOf = (moduleResolution, module) => ({
  compilerOptions: { ...COMPILER_OPTIONS, moduleResolution, module },
  include: ['src'],
});

const typeCells = [
  typesOf('node10', 'commonjs', 'commonjs', 'nest 11'),
  typesOf('node16', 'node16', 'commonjs', 'nest 11'),
  typesOf('node16', 'node16', 'module', 'nest 11'),
  typesOf('nodenext', 'nodenext', 'commonjs'),
  typesOf('nodenext', 'nodenext', 'module'),
  typesOf('bundler', 'esnext', 'module'),
];

/** What loads and runs the application of `runners/`: by what, on which Nest and Node. */
export const RUNNERS = [
  ...jestCells,
  {
    ...nest12,
    name: 'Jest by its recipe',
    node: 'node 22',
    type: 'commonjs',
    files: { 'jest.config.js': recipe('jest.config.js') },
    run: [[JEST_BIN]],
  },
  {
    ...nest12,
    name: 'Jest of ES modules',
    node: 'node 22',
    type: 'module',
    files: JEST_OF_MODULES,
    run: [[VM_MODULES, JEST_BIN]],
  },
  {
    ...nest12,
    name: 'vitest as of nest new',
    type: 'module',
    files: { 'vitest.config.ts': 'export default { test: { globals: true } };' },
    run: [VITEST],
  },
  {
    ...nest12,
    name: 'vitest by its recipe',
    type: 'module',
    files: { 'vitest.config.ts': recipe('vitest.config.ts') },
    run: [VITEST],
  },
  ...types.map((type) => ({
    ...nest12,
    name: 'node --test',
    type,
    files: {},
    run: [['node_modules/typescript/bin/tsc'], ['--test', 'dist/*.test.js']],
  })),
  ...types.map((type) => ({
    ...nest12,
    name: 'tsx',
    type,
    files: {},
    injected: true,
    run: [['--import', 'tsx', 'src/main.ts']],
  })),
  ...['nest 11', 'nest 12'].map((nest) => ({
    ...nest12,
    nest,
    name: 'ts-node',
    type: 'commonjs',
    files: {},
    run: [['--require', 'ts-node/register/transpile-only', 'src/main.ts']],
  })),
  ...builderCells,
  ...typeCells,
  {
    ...nest12,
    name: 'the layout of pnpm',
    nest: 'nest 12 by pnpm',
    type: 'module',
    files: {},
    run: [['node_modules/typescript/bin/tsc'], ['dist/main.js']],
  },
];
