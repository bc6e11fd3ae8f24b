import { Module } from '@nestjs/common';
import type { Provider } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { CqrsModuleOptions } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';

/** How an application with `@nestjs/cqrs` is set up. */
export interface CqrsSetup {
  readonly cqrs?: CqrsModuleOptions;
  /** False: without our module. */
  readonly tracing?: TracingModuleOptions | false;
}

/** Starts an application with these handlers and sagas. */
export async function startCqrs(
  setup: CqrsSetup,
  ...providers: Provider[]
): Promise<TestingModule> {
  const { cqrs = {}, tracing = {} } = setup;
  @Module({
    imports: [
      ...(tracing === false ? [] : [TracingModule.forRoot({ watchdog: false, ...tracing })]),
      CqrsModule.forRoot(cqrs),
    ],
    providers,
  })
  class AppModule {}
  const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
  const builder = Test.createTestingModule({ imports: [AppModule] }).setLogger(silent);
  return (await builder.compile()).init();
}
