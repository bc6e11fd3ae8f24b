// Runs scenarios with OpenTelemetry's instrumentations, on its stock SDK or in an application of ours,
// and prints the facts of every span. Arguments: "stock" or "ours"; where services are; the scenarios.
import 'reflect-metadata';
import { createRequire } from 'node:module';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { trace } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { TracingModule } from 'nestjs-tracing';
import { KeptFacts } from './kept-facts.js';
import type { Surroundings } from './scenarios.js';
import { scenarios } from './scenarios.js';

const [, , sdk, around = '', ...names] = process.argv;
const load = createRequire(import.meta.url);

/** The class that an instrumentation's package exports. */
function instrumentation(name: string): Instrumentation {
  const exported = load(`@opentelemetry/instrumentation-${name}`) as Record<string, unknown>;
  const [, Exported] =
    Object.entries(exported).find(([key]) => key.endsWith('Instrumentation')) ?? [];
  return new (Exported as new () => Instrumentation)();
}

const kept = new KeptFacts();
const parts = {
  spanProcessors: [kept],
  instrumentations: names.map(instrumentation),
  autoDetectResources: false,
};

async function start(): Promise<void> {
  if (sdk === 'stock') return new NodeSDK(parts).start();
  class App {}
  Module({
    imports: [
      TracingModule.forRoot({ exporter: 'none', http: false, watchdog: false, sdk: parts }),
    ],
  })(App);
  await NestFactory.createApplicationContext(App, { logger: ['warn', 'error'] });
}

await start();
const found: Record<string, unknown> = {};
for (const name of names) {
  const run = async (): Promise<void> => scenarios[name]?.(JSON.parse(around) as Surroundings);
  await trace.getTracer('application').startActiveSpan('caller', async (span) => {
    await run();
    span.end();
  });
  // What has no parent is a root, or is left out.
  await run();
  found[name] = await kept.take();
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
