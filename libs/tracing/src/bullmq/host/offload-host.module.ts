import { ConfigurableModuleBuilder, Inject, Module } from '@nestjs/common';
import type {
  BeforeApplicationShutdown,
  DynamicModule,
  OnApplicationBootstrap,
} from '@nestjs/common';
import type { AnyTask } from '../../offload/task/task.interface.js';
import { refuseInWorker } from '../../offload/worker/worker-guard.js';
import { TracingService } from '../../tracing.service.js';
import { OffloadHost } from './offload-host.js';
import type { OffloadHostOptions } from './offload-host.options.js';
import { resolveHost } from './offload-host.options.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<OffloadHostOptions>({
    moduleName: 'OffloadHost',
    optionsInjectionToken: 'nestjs-tracing:offload-host-options',
  })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createOffloadHostOptions')
    .build();

/**
 * Options of `OffloadHostModule.forRootAsync()`: `useFactory`, `useClass` or `useExisting`.
 *
 * @example
 * ```ts
 * OffloadHostModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: (config: ConfigService) => ({ tasks: [resize], connection: config.get('REDIS_URL') }),
 * });
 * ```
 */
export type OffloadHostModuleAsyncOptions = typeof ASYNC_OPTIONS_TYPE;

/**
 * A host of offloaded tasks in a Nest application, see `createOffloadHost()`. It takes tasks once the
 * application has started. When it stops, no more are taken and those that run are waited for, before
 * global modules stop, so that `TracingModule` still exports their spans.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     TracingModule.forRoot({ serviceName: 'workers' }),
 *     OffloadHostModule.forRoot({ tasks: [hash], connection: process.env.REDIS_URL }),
 *   ],
 * })
 * export class WorkersModule {}
 * ```
 */
@Module({
  providers: [
    {
      provide: OffloadHost,
      // The service is asked for so that the SDK is there before the host looks for one.
      useFactory: (options: OffloadHostOptions) => new OffloadHost(resolveHost(options)),
      inject: [MODULE_OPTIONS_TOKEN, { token: TracingService, optional: true }],
    },
  ],
  exports: [OffloadHost],
})
export class OffloadHostModule
  extends ConfigurableModuleClass
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #host: OffloadHost;

  constructor(@Inject(OffloadHost) host: OffloadHost) {
    super();
    this.#host = host;
  }

  /**
   * @param options as for `createOffloadHost()`
   * @throws TracingConfigurationError naming the first wrong option, or two tasks of one name
   */
  static override forRoot<const T extends readonly AnyTask[]>(
    options: OffloadHostOptions<T>,
  ): DynamicModule;
  static override forRoot(options: OffloadHostOptions): DynamicModule {
    refuseInWorker();
    resolveHost(options);
    return super.forRoot(options);
  }

  /** As `forRoot`, with options from a factory, a class or an existing provider. */
  static override forRootAsync(options: OffloadHostModuleAsyncOptions): DynamicModule {
    refuseInWorker();
    return super.forRootAsync(options);
  }

  onApplicationBootstrap(): void {
    this.#host.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#host.close();
  }
}
