import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { CapturedLogger } from '../../support/captured-logger.js';
import { KeptSpans } from './kept-spans.js';

export const PLATFORMS = ['express', 'fastify'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface HttpAppOptions {
  readonly controllers?: Type[];
  readonly module?: ModuleMetadata;
  readonly tracing?: TracingModuleOptions;
  readonly adapter?: AbstractHttpAdapter;
  /** The address to listen at. Default: 127.0.0.1 */
  readonly host?: string;
  readonly prepare?: (app: INestApplication) => void;
}

/** An application with real sockets and the SDK that its module starts. */
export class HttpApp {
  private constructor(
    readonly app: INestApplication,
    readonly spans: KeptSpans,
    readonly logger: CapturedLogger,
  ) {}

  static async start(platform: Platform, options: HttpAppOptions = {}): Promise<HttpApp> {
    const spans = new KeptSpans();
    const logger = new CapturedLogger();
    const App = appModule(options, spans);
    const adapter = options.adapter ?? newAdapter(platform);
    const app = await NestFactory.create(App, adapter, { logger, abortOnError: false });
    options.prepare?.(app);
    await app.listen(0, options.host ?? '127.0.0.1');
    return new HttpApp(app, spans, logger);
  }

  get port(): number {
    return (this.app.getHttpServer() as { address(): AddressInfo }).address().port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const server = this.app.getHttpServer() as { closeAllConnections?: () => void };
    server.closeAllConnections?.();
    await this.app.close();
  }
}

export function newAdapter(platform: Platform): AbstractHttpAdapter {
  return platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
}

function appModule(options: HttpAppOptions, spans: KeptSpans): Type {
  const { sdk, ...tracing } = options.tracing ?? {};
  @Module({
    ...options.module,
    imports: [
      TracingModule.forRoot({
        watchdog: false,
        exporter: 'none',
        ...tracing,
        sdk: {
          autoDetectResources: false,
          ...sdk,
          spanProcessors: [...(sdk?.spanProcessors ?? []), spans],
        },
      }),
      ...(options.module?.imports ?? []),
    ],
    controllers: [...(options.controllers ?? []), ...(options.module?.controllers ?? [])],
  })
  class App {}
  return App;
}
