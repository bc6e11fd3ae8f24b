import { Inject, Logger, Module, Optional } from '@nestjs/common';
import type {
  BeforeApplicationShutdown,
  DynamicModule,
  NestModule,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { TracingDetachedDrainModule, DetachedDrains } from './detached/detached-drain.module.js';
import { ControllerExplorer } from './http/incoming/controllers/controller-explorer.js';
import { TracingControllersModule } from './http/incoming/controllers/controllers.module.js';
import type { TracingModuleOptions } from './options/tracing-options.interface.js';
import { resolveOptions } from './options/resolve-options.js';
import { refuseInWorker } from './offload/worker/worker-guard.js';
import { ProtocolTracing } from './protocols/protocol-tracing.js';
import { TracingProtocolsModule } from './protocols/protocols.module.js';
import { ScheduledExplorer } from './scheduled/scheduled.explorer.js';
import { TracingScheduledModule } from './scheduled/scheduled.module.js';
import { SetupOrigin } from './sdk/setup-origin.js';
import { TracingHostModule } from './tracing-host.module.js';
import { TracingHost } from './tracing.host.js';
import type { ASYNC_OPTIONS_TYPE } from './tracing.module-definition.js';
import { TracingService } from './tracing.service.js';

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
  imports: [
    TracingDetachedDrainModule,
    TracingScheduledModule,
    TracingControllersModule,
    TracingProtocolsModule,
  ],
  providers: [TracingService],
  exports: [TracingService],
})
export class TracingModule
  implements
    NestModule,
    OnModuleInit,
    OnApplicationBootstrap,
    BeforeApplicationShutdown,
    OnApplicationShutdown
{
  readonly #scheduled: ScheduledExplorer;
  readonly #host: TracingHost;
  readonly #http: HttpAdapterHost;
  /** Whether this is the import that set tracing up: its hooks are the application's. */
  readonly #leads: boolean;
  readonly #controllers: ControllerExplorer;
  readonly #protocols: ProtocolTracing;

  constructor(
    @Inject(TracingHost) host: TracingHost,
    @Inject(HttpAdapterHost) http: HttpAdapterHost,
    @Inject(DetachedDrains) drains: DetachedDrains,
    @Inject(ScheduledExplorer) scheduled: ScheduledExplorer,
    @Inject(ControllerExplorer) controllers: ControllerExplorer,
    @Inject(ProtocolTracing) protocols: ProtocolTracing,
    @Optional() @Inject(SetupOrigin) setUpAt?: SetupOrigin,
  ) {
    this.#leads = setUpAt !== undefined;
    if (this.#leads) drains.add(host.drain);
    this.#scheduled = scheduled;
    this.#host = host;
    this.#http = http;
    this.#controllers = controllers;
    this.#protocols = protocols;
    if (this.#leads && host.protocols !== undefined) {
      const logger = new Logger(TracingModule.name);
      protocols.start(host.protocols, host.detached, (message) => logger.warn(message));
    }
  }

  /**
   * Sets tracing up, in the root module.
   *
   * @param options every one is optional. With `isGlobal: false` (default true) `TracingService` is
   * there only for modules that import `TracingModule` as well, by its name alone
   * @returns the module to import
   * @throws TracingConfigurationError if an option cannot be used and `strict` is true; else the
   * error is logged when the application starts, and it runs untraced
   *
   * @example
   * ```ts
   * @Module({ imports: [TracingModule.forRoot({ isGlobal: false }), OrdersModule] })
   * export class AppModule {}
   *
   * @Module({ imports: [TracingModule], providers: [OrdersService] }) // injects TracingService
   * export class OrdersModule {}
   * ```
   */
  static forRoot(options: TracingModuleOptions & { isGlobal?: boolean } = {}): DynamicModule {
    refuseInWorker();
    const { isGlobal = true, ...own } = options;
    if (own.strict === true) resolveOptions(own);
    const setUpAt = SetupOrigin.callerOf(TracingModule.forRoot);
    return withHost(TracingHostModule.forRoot(own), isGlobal, setUpAt);
  }

  /**
   * Sets tracing up as `forRoot` does, with options from a factory, a class or an existing provider.
   *
   * @returns the module to import
   */
  static forRootAsync(options: TracingModuleAsyncOptions): DynamicModule {
    refuseInWorker();
    const setUpAt = SetupOrigin.callerOf(TracingModule.forRootAsync);
    return withHost(TracingHostModule.forRootAsync(options), options.isGlobal ?? true, setUpAt);
  }

  /** Nest asks every module for its middleware when the adapter is there and the routes are not yet. */
  configure(): Promise<void> | undefined {
    if (!this.#leads) return undefined;
    this.#host.connect(this.#http.httpAdapter, this.#controllers);
    return this.#protocols.configure();
  }

  /** @throws OffloadTaskFileError if a task of the application could not run in a worker */
  onModuleInit(): void {
    if (!this.#leads) return;
    this.#host.offloader.checkTasks();
    this.#scheduled.explore();
  }

  onApplicationBootstrap(): void {
    if (!this.#leads) return;
    this.#scheduled.finish(this.#host.detached);
    this.#protocols.finishStart();
    this.#host.finishStart({ jobs: this.#scheduled.jobs, events: this.#protocols.events });
    warnWithoutShutdownHooks(this.#http, new Logger(TracingModule.name));
  }

  beforeApplicationShutdown(): void {
    if (!this.#leads) return;
    this.#protocols.beginStop();
    this.#host.beginStop();
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.#leads) return;
    await this.#protocols.stop(this.#host.drain.leftMillis());
    await this.#host.stop();
  }
}

/** The import that sets tracing up. The host can say where, should somebody else do so as well. */
function withHost(host: DynamicModule, isGlobal: boolean, setUpAt: SetupOrigin): DynamicModule {
  const origin = { provide: SetupOrigin, useValue: setUpAt };
  return {
    module: TracingModule,
    global: isGlobal,
    imports: [{ ...host, providers: [...(host.providers ?? []), origin] }],
    providers: [origin],
  };
}

/** Time for `main.ts` to go on after `listen()`, in milliseconds. */
const GRACE_MILLIS = 1000;

/** A server without shutdown hooks dies of SIGTERM with its last spans unsent: that is worth a line. */
function warnWithoutShutdownHooks(http: HttpAdapterHost, logger: Logger): void {
  const check = (): void => {
    if (!http.listening || process.listenerCount('SIGTERM') > 0) return;
    logger.warn(
      'A SIGTERM will lose the last spans: call app.enableShutdownHooks() before app.listen().',
    );
  };
  http.listen$.subscribe(() => {
    setTimeout(check, GRACE_MILLIS).unref();
  });
}
