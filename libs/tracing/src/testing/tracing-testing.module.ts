import { Global, Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { TracingModule } from '../tracing.module.js';
import type { WorkOptionName } from '../options/options.schema.js';
import type { TracingModuleOptions } from '../options/tracing-options.interface.js';
import { recordSpans } from './record-spans.js';
import { SpanRecorder } from './span-recorder.js';

/** Registers the recorder; `TracingModule` asks for it, so that it finds the recorder's SDK. */
@Global()
@Module({
  providers: [{ provide: SpanRecorder, useFactory: () => recordSpans() }],
  exports: [SpanRecorder],
})
class SpanRecorderModule implements OnApplicationShutdown {
  readonly #recorder: SpanRecorder;

  constructor(@Inject(SpanRecorder) recorder: SpanRecorder) {
    this.#recorder = recorder;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#recorder.stop();
  }
}

/**
 * Takes the place of `TracingModule` in a test: everything works as in the application, but the
 * spans stay in memory. Inject or `get` the `SpanRecorder` to look at them; closing the application
 * stops it.
 *
 * @example
 * ```ts
 * const moduleRef = await Test.createTestingModule({
 *   imports: [TracingTestingModule.forRoot()],
 *   providers: [LookupService],
 * }).compile();
 * const spans = moduleRef.get(SpanRecorder);
 * ```
 */
@Module({})
export class TracingTestingModule {
  /**
   * @param options as for `TracingModule.forRoot()`; those of the export have no meaning here, and
   * `watchdog` is off unless asked for.
   * `offload: { backend: 'inline' }` runs offloaded tasks on the thread of the test
   */
  static forRoot(options: Pick<TracingModuleOptions, WorkOptionName> = {}): DynamicModule {
    return {
      module: TracingTestingModule,
      imports: [
        TracingModule.forRootAsync({
          imports: [SpanRecorderModule],
          inject: [SpanRecorder],
          useFactory: () => ({ watchdog: false, ...options }),
        }),
      ],
    };
  }
}
