import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { TypeormInstrumentation } from '@opentelemetry/instrumentation-typeorm';
import { rivalProvider } from '../stock-tracer.js';

/** What of TypeORM is measured. */
export type TypeOrm = Pick<typeof import('typeorm'), 'DataSource' | 'EntitySchema'>;

const require = createRequire(import.meta.url);

/**
 * A second TypeORM in this process, instrumented by `@opentelemetry/instrumentation-typeorm`, which
 * patches the classes as they are loaded: the TypeORM that is imported already stays bare, and both can
 * be measured turn by turn. Its spans are those of the SDK, as they are without this package.
 */
export function loadContribTypeOrm(): TypeOrm {
  const folder = dirname(require.resolve('typeorm')) + sep;
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder)) Reflect.deleteProperty(require.cache, file);
  }
  new TypeormInstrumentation().setTracerProvider(rivalProvider());
  return require('typeorm') as TypeOrm;
}
