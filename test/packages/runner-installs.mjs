import { COMMON, NEST_11, NEST_12 } from './fixtures.mjs';

const TOOLS = {
  '@babel/core': '7.29.13',
  '@babel/plugin-proposal-decorators': '7.29.7',
  '@babel/preset-env': '7.29.14',
  '@babel/preset-typescript': '7.29.7',
  '@swc/core': '1.16.22',
  '@swc/jest': '0.2.39',
  '@types/jest': '30.0.0',
  'babel-jest': '30.5.2',
  'babel-plugin-parameter-decorator': '1.0.16',
  'babel-plugin-transform-typescript-metadata': '0.4.0',
  jest: '30.5.2',
  'ts-jest': '29.4.15',
  'ts-node': '10.9.2',
};

/** What `nest build` needs for its builders, and what runs ES modules. */
const TOOLS_12 = {
  '@nestjs/cli': '12.0.8',
  '@rspack/core': '2.3.3',
  '@swc/cli': '0.8.1',
  'ts-loader': '9.6.2',
  'fork-ts-checker-webpack-plugin': '9.1.0',
  'tsconfig-paths-webpack-plugin': '4.2.0',
  tsx: '4.23.15',
  typescript: '6.0.3',
  vitest: '5.1.1',
  webpack: '5.113.0',
  'webpack-node-externals': '3.0.0',
};

/** What is installed, each in a folder of its own, by npm unless it says pnpm. */
export const INSTALLS = {
  'nest 11': { dependencies: { ...COMMON, ...NEST_11, ...TOOLS, typescript: '5.9.3' } },
  'nest 12': { dependencies: { ...COMMON, ...NEST_12, ...TOOLS, ...TOOLS_12 } },
  'nest 12 by pnpm': {
    pnpm: true,
    dependencies: { ...COMMON, ...NEST_12, '@types/jest': '30.0.0', typescript: '6.0.3' },
  },
};
