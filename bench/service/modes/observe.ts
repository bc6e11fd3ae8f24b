import { setTimeout } from 'node:timers/promises';
import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import { plain } from './parts.js';
import type { Parts, Setting } from './parts.js';

/** What is used of Nest's own agent, which is no dependency of this repository. */
interface Observe {
  createObserveModule(): {
    readonly ObserveModule: { forRoot(options: object): DynamicModule };
    readonly ObserveInstrument: NonNullable<NestApplicationOptions['instrument']>;
  };
}

const NAME = '@nestjs/observe';
/** The shortest that it allows: it has no flush, and what it holds at once is limited. */
const FLUSH_MILLIS = 1000;
/** By default it keeps 1,000 requests an interval of five seconds and drops the others. */
const MAX_REQUESTS = 10_000;

/** Nest's own agent. It traces every provider, so that no method needs a decorator. */
export async function observe(setting: Setting): Promise<Parts> {
  const { createObserveModule } = (await import(NAME)) as Observe;
  const { ObserveModule, ObserveInstrument } = createObserveModule();
  const module = ObserveModule.forRoot({
    appKey: 'key',
    appSecret: 'secret',
    serviceId: 'bench',
    endpoint: setting.sink,
    flushInterval: FLUSH_MILLIS,
    maxTracesPerBatch: MAX_REQUESTS,
  });
  return {
    modules: [module, ...plain(setting)],
    Wrapped: () => () => undefined,
    options: { instrument: ObserveInstrument },
    flush: () => setTimeout(FLUSH_MILLIS * 1.3),
  };
}
