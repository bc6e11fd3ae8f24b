import { Module } from '@nestjs/common';
import type { INestMicroservice, LoggerService, Type } from '@nestjs/common';
import type { ClientProxy } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import type { TransportUnderTest } from './transports.js';
import { uniqueRun } from './transports.js';

/** What an application of a suite is made of. */
export interface RpcAppSpec {
  readonly controllers: readonly Type[];
  readonly providers?: readonly NonNullable<Parameters<typeof Module>[0]['providers']>[number][];
  readonly tracing?: TracingModuleOptions;
  readonly run?: string;
  /** Told of everything. Default: nobody is. */
  readonly logger?: LoggerService;
}

/** A microservice over one transport, and a client that knows nothing of tracing. */
export interface RpcApp {
  readonly app: INestMicroservice;
  readonly client: ClientProxy;
  close(): Promise<void>;
}

/** Starts a microservice and connects its client. */
export async function startRpcApp(
  transport: TransportUnderTest,
  spec: RpcAppSpec,
): Promise<RpcApp> {
  const run = spec.run ?? uniqueRun();
  const tracing = { microservices: { outgoing: false }, ...spec.tracing };
  @Module({
    imports: [TracingModule.forRoot({ watchdog: false, ...tracing })],
    controllers: [...spec.controllers],
    providers: [...(spec.providers ?? [])],
  })
  class AppModule {}
  const building = Test.createTestingModule({ imports: [AppModule] });
  if (spec.logger !== undefined) building.setLogger(spec.logger);
  const moduleRef = await building.compile();
  const logger = spec.logger ?? false;
  const app = moduleRef.createNestMicroservice({ ...transport.server(run), logger });
  await app.listen();
  const client = transport.client(run, app);
  await client.connect();
  return {
    app,
    client,
    async close() {
      await client.close();
      await app.close();
    },
  };
}
