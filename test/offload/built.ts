/**
 * The built package: workers are plain Node and need plain JavaScript. `npm test` builds before it
 * runs this; the types are those of the sources.
 */
const load = (file: string): Promise<unknown> =>
  import(new URL(`../../libs/tracing/dist/${file}`, import.meta.url).href);

/** A module of the package that is no entry, with classes of its own. */
const loadModule = (file: string): Promise<unknown> =>
  import(new URL(`../../dist/tracing/${file}`, import.meta.url).href);

export const {
  OffloadClosedError,
  OffloadCrashError,
  OffloadDataError,
  OffloadQueueFullError,
  OffloadTaskFileError,
  TracingModule,
  TracingService,
} = (await load('index.js')) as typeof import('nestjs-tracing');

export const { recordSpans } = (await load(
  'testing/index.js',
)) as typeof import('nestjs-tracing/testing');

export const { defineTask } = (await load(
  'offload/index.js',
)) as typeof import('nestjs-tracing/offload');

export const { PiscinaBackend } = (await loadModule(
  'offload/piscina/piscina-backend.js',
)) as typeof import('../../libs/tracing/src/offload/piscina/piscina-backend.js');
