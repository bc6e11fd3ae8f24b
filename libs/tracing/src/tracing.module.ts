import { Inject, Logger, Module } from '@nestjs/common';
import type {
  DynamicModule,
  NestModule,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { DetachedDrainModule, DetachedDrains } from './detached/detached-drain.module.js';
import type { TracingModuleOptions } from './options/tracing-options.interface.js';
import { resolveOptions } from './options/resolve-options.js';
import { validateOptions } from './options/validate-options.js';
import { refuseInWorker } from './offload/worker/worker-guard.js';
import { ScheduledExplorer } from './scheduled/scheduled.explorer.js';
import { ScheduledModule } from './scheduled/scheduled.module.js';
import { SetupOrigin } from './sdk/setup-origin.js';
import { TracingHost } from './tracing.host.js';
import type { ASYNC_OPTIONS_TYPE } from './tracing.module-definition.js';
import { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } from './tracing.module-definition.js';
import { TracingService } from './tracing.service.js';
import { warnWithoutShutdownHooks } from './shutdown-hooks-check.js';

/**
 * Options of `TracingModule.forRootAsync()`: `useFactory`, `useClass` or `useExisting`.
 *
 * @example
 * ```ts
 * TracingModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: (config: ConfigService) => ({ endpoint: config.get('COLLECTOR_URL') }),
 * });
 * ```
 */
export type TracingModuleAsyncOptions = typeof ASYNC_OPTIONS_TYPE;

/**
 * Sets OpenTelemetry up once for the application and gives it a `TracingService`.
 *
 * The SDK starts while Nest makes this module and stops after the HTTP server has finished its
 * requests and detached work is done, in `onApplicationShutdown`, which `app.close()` runs and, with
 * `enableShutdownHooks()`, every signal. An SDK that is registered already is used as it is.
 *
 * @example
 * ```ts
 * @Module({ imports: [TracingModule.forRoot({ serviceName: 'orders' })] })
 * export class AppModule {}
 * ```
 */
@Module({
  imports: [DetachedDrainModule, ScheduledModule],
  providers: [
    TracingService,
    {
      provide: TracingHost,
      useFactory: (options: TracingModuleOptions, setUpAt?: SetupOrigin) =>
        TracingHost.start(options, setUpAt),
      inject: [MODULE_OPTIONS_TOKEN, { token: SetupOrigin, optional: true }],
    },
  ],
  exports: [TracingService],
})
export class TracingModule
  extends ConfigurableModuleClass
  implements NestModule, OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown
{
  readonly #scheduled: ScheduledExplorer;
  readonly #host: TracingHost;
  readonly #http: HttpAdapterHost;

  constructor(
    @Inject(TracingHost) host: TracingHost,
    @Inject(HttpAdapterHost) http: HttpAdapterHost,
    @Inject(DetachedDrains) drains: DetachedDrains,
    @Inject(ScheduledExplorer) scheduled: ScheduledExplorer,
  ) {
    super();
    drains.add(host.drain);
    this.#scheduled = scheduled;
    this.#host = host;
    this.#http = http;
  }

  /**
   * @param options every one is optional; `isGlobal` (default true) makes `TracingService` available
   * without importing the module again
   * @throws TracingConfigurationError if an option cannot be used and `strict` is true; else the
   * error is logged when the application starts, and it runs untraced
   */
  static override forRoot(
    options: TracingModuleOptions & { isGlobal?: boolean } = {},
  ): DynamicModule {
    refuseInWorker();
    if (options.strict === true) {
      const { isGlobal: _, ...own } = options;
      resolveOptions(validateOptions(own));
    }
    return withOrigin(super.forRoot(options), SetupOrigin.callerOf(TracingModule.forRoot));
  }

  /** As `forRoot`, with options from a factory, a class or an existing provider. */
  static override forRootAsync(options: TracingModuleAsyncOptions): DynamicModule {
    refuseInWorker();
    return withOrigin(
      super.forRootAsync(options),
      SetupOrigin.callerOf(TracingModule.forRootAsync),
    );
  }

  /** Nest asks every module for its middleware when the adapter is there and the routes are not yet. */
  configure(): void {
    this.#host.connect(this.#http.httpAdapter);
  }

  onModuleInit(): void {
    this.#scheduled.explore();
  }

  onApplicationBootstrap(): void {
    this.#scheduled.finish(this.#host.detached);
    this.#host.finishStart();
    warnWithoutShutdownHooks(this.#http, new Logger(TracingModule.name));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#host.stop();
  }
}

/** Lets the host say where it was set up, should somebody else set tracing up as well. */
function withOrigin(definition: DynamicModule, origin: SetupOrigin): DynamicModule {
  const providers = [...(definition.providers ?? []), { provide: SetupOrigin, useValue: origin }];
  return { ...definition, providers };
}
