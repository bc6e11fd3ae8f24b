import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { NodeSDK } from '@opentelemetry/sdk-node';

// Preloaded (`node --import`): OpenTelemetry as its documentation sets it up for an ESM application.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const sdk = new NodeSDK({
  serviceName: 'bench',
  traceExporter: new OTLPTraceExporter({ url: process.argv[4] as string }),
  instrumentations: [new AmqplibInstrumentation()],
});
sdk.start();
process.once('disconnect', () => void sdk.shutdown());
