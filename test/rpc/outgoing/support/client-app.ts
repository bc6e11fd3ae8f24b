import { Module } from '@nestjs/common';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientsModule } from '@nestjs/microservices';
import type { ClientProviderOptions, ClientProxy } from '@nestjs/microservices';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from '../../../support/captured-logger.js';
import { KeptSpans } from '../../../http/support/kept-spans.js';

export interface ClientAppOptions {
  readonly client?: Omit<ClientProviderOptions, 'name'>;
  readonly tracing?: TracingModuleOptions;
  readonly providers?: Type[];
}

/** An application with tracing that has one client, and the SDK that its module starts. */
export class ClientApp {
  #closed: Promise<void> | undefined;

  private constructor(
    readonly app: INestApplicationContext,
    readonly spans: KeptSpans,
    readonly logger: CapturedLogger,
  ) {}

  static async start(options: ClientAppOptions): Promise<ClientApp> {
    const spans = new KeptSpans();
    const logger = new CapturedLogger();
    const clients = options.client === undefined ? [] : [{ name: 'PEER', ...options.client }];
    @Module({
      imports: [
        TracingModule.forRoot({
          exporter: 'none',
          ...options.tracing,
          sdk: { autoDetectResources: false, spanProcessors: [spans] },
        }),
        ClientsModule.register(clients as ClientProviderOptions[]),
      ],
      providers: options.providers ?? [],
    })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger, abortOnError: false });
    return new ClientApp(app, spans, logger);
  }

  get client(): ClientProxy {
    return this.app.get<ClientProxy>('PEER');
  }

  get tracing(): TracingService {
    return this.app.get(TracingService);
  }

  /** Calls something in a span of its own. */
  request<T>(name: string, call: () => T): T {
    return this.tracing.span(name, call);
  }

  /** May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.app.close();
    return this.#closed;
  }
}
