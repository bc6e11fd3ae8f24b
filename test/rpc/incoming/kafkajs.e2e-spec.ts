import { Controller, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { SpanKind, context, trace } from '@opentelemetry/api';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { CapturedLogger } from '../../support/captured-logger.js';
import type { Handle } from './support/kafka-stand-in.js';
import { StandInKafka } from './support/kafka-stand-in.js';
import { OnEvent } from './support/on-event.js';

const spans = recordSpans();
const THEIRS = '@opentelemetry/instrumentation-kafkajs';
let app: INestMicroservice | undefined;

afterEach(async () => {
  await app?.close();
  spans.assertNoOpenSpans();
  spans.reset();
});

afterAll(() => spans.stop());

@Controller()
class Orders {
  @OnEvent('created')
  created(): void {}
}

/** Calls a handler in a span, as that instrumentation does. */
function inTheirSpan(handle: Handle): Handle {
  return (payload) => {
    const span = trace.getTracer(THEIRS).startSpan('poll', { kind: SpanKind.CONSUMER });
    return context
      .with(trace.setSpan(context.active(), span), () => handle(payload))
      .finally(() => span.end());
  };
}

/** A consumer whose `run` is wrapped as often, and marked or not as OpenTelemetry marks what it wraps. */
class Wrapped extends StandInKafka {
  readonly ran: unknown[] = [];
  readonly #times: number;
  readonly #isMarked: boolean;

  constructor(times: number, isMarked: boolean) {
    super();
    this.#times = times;
    this.#isMarked = isMarked;
  }

  override prepare(consumer: Parameters<StandInKafka['prepare']>[0]): void {
    for (let times = this.#times; times > 0; times -= 1) {
      const original = consumer.run;
      const run: typeof original = (options) => {
        this.ran.push(times);
        return Reflect.apply(original, consumer, [
          { ...options, eachMessage: inTheirSpan(options.eachMessage) },
        ]);
      };
      const marks = { __wrapped: true, __original: original };
      consumer.run = this.#isMarked ? Object.assign(run, marks) : run;
    }
  }
}

async function start(server: StandInKafka): Promise<CapturedLogger> {
  const logger = new CapturedLogger();
  @Module({ imports: [TracingModule.forRoot()], controllers: [Orders] })
  class AppModule {}
  const building = Test.createTestingModule({ imports: [AppModule] }).setLogger(logger);
  const moduleRef = await building.compile();
  const strategy = { strategy: server, logger } as MicroserviceOptions;
  app = moduleRef.createNestMicroservice(strategy);
  await app.listen();
  return logger;
}

const names = () => spans.finished.map(({ name }) => name);

describe('M25 beside an instrumentation of kafkajs', () => {
  it.each([1, 2])('a message has one span, ours, with %i wrappers', async (times) => {
    const server = new Wrapped(times, true);
    const logger = await start(server);
    await server.deliver('created', {});
    await server.deliver('created', {});
    expect(names()).toEqual(['process created', 'process created']);
    expect(server.ran).toEqual([]);
    const said = logger.lines.filter((line) => line.includes('instrumentation of kafkajs'));
    expect(said).toHaveLength(1);
  });

  it('a message has one span, theirs, where it cannot be kept out', async () => {
    const server = new Wrapped(1, false);
    const logger = await start(server);
    await server.deliver('created', {});
    await server.deliver('created', {});
    expect(names()).toEqual(['poll', 'poll']);
    const said = logger.lines.filter((line) => line.includes('instrumentation-kafkajs traces'));
    expect(said).toHaveLength(1);
  });
});
