/** What every application with nestjs-tracing installs, whatever its Nest. */
export const COMMON = {
  '@opentelemetry/api': '1.10.0',
  '@types/node': '24.19.2',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
};

export const NEST_12 = {
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/platform-fastify': '12.5.0',
  '@nestjs/testing': '12.1.1',
};

export const NEST_11 = {
  '@nestjs/common': '11.2.10',
  '@nestjs/core': '11.2.10',
  '@nestjs/platform-express': '11.2.10',
  '@nestjs/platform-fastify': '11.2.8',
  '@nestjs/testing': '11.2.6',
};

/** The oldest Nest that is supported. */
const NEST_11_FIRST = {
  '@nestjs/common': '11.1.4',
  '@nestjs/core': '11.1.4',
  '@nestjs/microservices': '11.1.4',
  '@nestjs/platform-express': '11.1.4',
  '@nestjs/platform-fastify': '11.1.4',
};

/** The optional peers. nestjs-pino 4 is the older of the two majors that are supported. */
const OPTIONAL_12 = {
  '@nestjs/microservices': '12.1.1',
  '@nestjs/terminus': '12.1.0',
  '@nestjs/typeorm': '12.0.2',
  bullmq: '6.7.0',
  ioredis: '5.11.1',
  'nestjs-pino': '5.2.1',
  pino: '10.4.0',
  'pino-http': '11.0.0',
  typeorm: '1.1.1',
};

const OPTIONAL_11 = {
  ...OPTIONAL_12,
  '@nestjs/microservices': '11.2.6',
  '@nestjs/terminus': '11.1.1',
  '@nestjs/typeorm': '11.0.3',
  'nestjs-pino': '4.6.1',
};

/** Drivers of TypeORM: a database in process, and a server for streams. */
const DRIVERS = { pg: '8.23.1', 'pg-query-stream': '4.17.0', 'sql.js': '1.16.0' };

/** The older of the two minors of TypeORM that are supported. */
const TYPEORM_0 = { ...OPTIONAL_11, typeorm: '0.3.31' };

/** Applications to make, each in an empty folder. */
export const APPLICATIONS = {
  'nest 12': { ...COMMON, ...NEST_12, ...OPTIONAL_12, ...DRIVERS },
  'nest 11': { ...COMMON, ...NEST_11, ...OPTIONAL_11, ...DRIVERS },
  'nest 11 typeorm 0.3': { ...COMMON, ...NEST_11, ...TYPEORM_0, ...DRIVERS },
  'nest 12 bare': { ...COMMON, ...NEST_12 },
  'nest 11.1.4': { ...COMMON, ...NEST_11_FIRST },
};

/** Further Node.js versions, from the npm package of the same name. */
export const RUNTIMES = { 'node 22': '22', 'node 26': '26' };

/** What an application of the smoke's own sources needs beyond Nest, by its file. */
export const PEERS = {
  logs: 'nestjs-pino',
  database: 'typeorm',
  rows: 'typeorm',
  messages: '@nestjs/microservices',
  'two-processes': '@nestjs/microservices',
};

/** Whose clients send to whose servers, each in a process of its own, and back. */
export const EXCHANGES = [
  ['nest 12', 'nest 11'],
  ['nest 12', 'nest 11.1.4'],
];

/** What is bundled as well. */
export const BUNDLED = ['app', 'database'];

/** What runs where, each pair as ESM, CommonJS and a bundle. */
export const MATRIX = [
  { application: 'nest 12', runtime: 'node 24' },
  { application: 'nest 11', runtime: 'node 24' },
  { application: 'nest 11 typeorm 0.3', runtime: 'node 24' },
  { application: 'nest 12 bare', runtime: 'node 24' },
  { application: 'nest 11.1.4', runtime: 'node 24' },
  { application: 'nest 12', runtime: 'node 22' },
  { application: 'nest 12', runtime: 'node 26' },
];
