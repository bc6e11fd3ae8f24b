import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Processor } from 'bullmq';
import { TracingConfigurationError } from '../../configuration.error.js';
import { tracedProcessor } from './traced-processor.js';

const TRACED = 'nestjs-tracing:traced-processors';

/** The part of `@nestjs/bullmq` that every processor goes through. */
interface ProcessorDecorator {
  decorate(processor: Processor): Processor;
}

/**
 * Wraps every processor of an application with `@nestjs/bullmq`, as `tracedProcessor()` wraps one: the
 * exception of a failed attempt then has its class, stack and causes. Import it once, anywhere; it
 * opens no span.
 *
 * `@nestjs/bullmq` is loaded when `forRoot()` is called.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     BullModule.forRoot({ connection, telemetry: tracedQueueTelemetry() }),
 *     BullModule.registerQueue({ name: 'mail' }),
 *     TracedProcessorsModule.forRoot(),
 *   ],
 *   providers: [MailProcessor],
 * })
 * export class MailModule {}
 * ```
 */
@Module({})
export class TracedProcessorsModule {
  /**
   * Makes the module for `imports`.
   *
   * @returns a promise of it, which `imports` takes as it is
   * @throws TracingConfigurationError if `@nestjs/bullmq` is too old or, when the application starts,
   * if it registers no queue
   */
  static async forRoot(): Promise<DynamicModule> {
    const { BullRegistrar, ProcessorDecoratorService } = await import('@nestjs/bullmq');
    if (ProcessorDecoratorService === undefined) throw tooOld();
    return {
      module: TracedProcessorsModule,
      providers: [
        {
          provide: TRACED,
          // The registrar is asked for so that the instance it works with is there, and not started.
          inject: [ModuleRef, { token: BullRegistrar, optional: true }],
          useFactory: (modules: ModuleRef, registrar: object | undefined) => {
            if (registrar === undefined) throw noQueue();
            wrapDecorator(modules.get(ProcessorDecoratorService, { strict: false }));
            return true;
          },
        },
      ],
    };
  }
}

/** BullModule provides its own instance to itself, so no other provider takes its place. */
function wrapDecorator(decorator: ProcessorDecorator): void {
  const decorate = decorator.decorate.bind(decorator);
  decorator.decorate = (processor) => tracedProcessor(decorate(processor));
}

function noQueue(): TracingConfigurationError {
  return new TracingConfigurationError(
    'TracedProcessorsModule',
    'there is no processor to trace: import BullModule.registerQueue(…), or leave this module out',
  );
}

function tooOld(): TracingConfigurationError {
  return new TracingConfigurationError(
    'TracedProcessorsModule',
    'the installed @nestjs/bullmq lets nobody wrap its processors: update it, ' +
      'or wrap what process() does with tracedProcessor()',
  );
}
