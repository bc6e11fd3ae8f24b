import { LoggerModule } from 'nestjs-pino';
import { Traced, TracingModule } from 'nestjs-tracing';
import { withTraceContext } from 'nestjs-tracing/pino';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';
import { flushRegistered } from './flush-registered.js';
import type { Parts, Setting } from './parts.js';

/** This package. */
export function ours({ database, logger, sink, tracing }: Setting, sampler: object): Parts {
  const modules = [
    TracingModule.forRoot({ serviceName: 'bench', endpoint: sink, ...sampler, ...tracing }),
    TracedTypeOrmModule.forRoot(database),
    LoggerModule.forRoot(withTraceContext(logger)),
  ];
  return { modules, Wrapped: () => Traced() as MethodDecorator, flush: flushRegistered };
}
