/**
 * A preload for those who want OpenTelemetry's instrumentations of further libraries beside this
 * package. It loads those that the application depends on, so that they can patch what they know
 * before it is imported, as ES module or CommonJS. It starts no SDK: spans go to the one that
 * `TracingModule` starts. Without it everything that this package traces itself works all the same.
 *
 * Taken are `@opentelemetry/auto-instrumentations-node` and every dependency in the package.json of
 * the application with `instrumentation` in its name, but for those that trace what this package
 * traces: `http`, `undici`, `nestjs-core` and `typeorm`. OTEL_NODE_ENABLED_INSTRUMENTATIONS and
 * OTEL_NODE_DISABLED_INSTRUMENTATIONS choose by name; OTEL_SDK_DISABLED leaves all of them out. Do
 * not name the same ones in the option `sdk.instrumentations`.
 *
 * One that cannot be loaded is warned about; the application runs without it.
 *
 * @see https://opentelemetry.io/docs/zero-code/js/configuration/#instrumentation-library-configuration
 *
 * @example
 * ```sh
 * npm install @opentelemetry/instrumentation-ioredis
 * node --import nestjs-tracing/register dist/main.js
 * ```
 */
import { isMainThread } from 'node:worker_threads';
import { applicationDependencies } from './application-dependencies.js';
import { loadInstrumentations } from './load-instrumentations.js';
import { hookModules } from './module-hooks.js';

// Workers of the export and of offloaded tasks inherit the preload; they have nothing to patch.
if (isMainThread && process.env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true') {
  hookModules(loadInstrumentations(applicationDependencies()));
}
