import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { TypeormInstrumentation } from '@opentelemetry/instrumentation-typeorm';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

// Preloaded (`node --import`): OpenTelemetry as its documentation sets it up for an ESM application.
// The hook must be there before anything that is to be patched is loaded.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const [, , mode, url] = process.argv as [string, string, string, string];
const instrumentations: Instrumentation[] = [
  new HttpInstrumentation(),
  new UndiciInstrumentation(),
  new PgInstrumentation(),
];
if (mode === 'stock + typeorm') instrumentations.push(new TypeormInstrumentation());

const sdk = new NodeSDK({
  serviceName: 'bench',
  traceExporter: new OTLPTraceExporter({ url }),
  instrumentations,
});
sdk.start();
process.once('disconnect', () => void sdk.shutdown());
