import { ConsoleLogger, Injectable, Logger, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { context, trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { resetProcessSlots } from '../process-slot.js';
import { asStartUp } from '../span/start-up.js';
import { recordSpans } from '../testing/index.js';
import { TraceConsoleLogger } from './trace-console-logger.js';

const ZEROS = { trace_id: '0'.repeat(32), span_id: '0'.repeat(16), trace_flags: '00' };

function inSpan(fn: () => void): typeof ZEROS {
  return trace.getTracer('test').startActiveSpan('work', (span) => {
    fn();
    span.end();
    const { traceId, spanId } = span.spanContext();
    return { trace_id: traceId, span_id: spanId, trace_flags: '01' };
  });
}

describe('TraceConsoleLogger', () => {
  const spans = recordSpans();
  const written: string[] = [];
  const last = () => JSON.parse(written.at(-1) ?? '') as Record<string, unknown>;

  beforeEach(() => {
    written.length = 0;
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    }
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => spans.stop());

  it('L6 writes JSON with the ids of the active span', () => {
    const logger = new TraceConsoleLogger('LookupService');
    const ids = inSpan(() => logger.log('found'));
    expect(last()).toMatchObject({
      ...ids,
      level: 'log',
      message: 'found',
      context: 'LookupService',
    });
  });

  it.each(['log', 'error', 'warn', 'debug', 'verbose', 'fatal'] as const)(
    'L6 covers %s',
    (level) => {
      const logger = new TraceConsoleLogger();
      const ids = inSpan(() => logger[level]('covered'));
      expect(last()).toMatchObject({ level, message: 'covered', ...ids });
    },
  );

  it('L6 writes objects, errors and further parameters as Nest does', () => {
    const ids = inSpan(() => new TraceConsoleLogger().log({ key: 1 }, { shard: 2 }, 'Lookup'));
    const traced = last();
    new ConsoleLogger({ json: true }).log({ key: 1 }, { shard: 2 }, 'Lookup');
    const { timestamp: _, ...plain } = last();
    expect(traced).toMatchObject({ ...plain, ...ids });
    inSpan(() => new TraceConsoleLogger().error('failed', new Error('why').stack, 'Lookup'));
    expect(last()).toMatchObject({ message: 'failed', context: 'Lookup' });
    expect(last()['stack']).toMatch(/Error: why\n +at /);
  });

  it('L6 writes each id once', () => {
    inSpan(() => new TraceConsoleLogger({ flattenParams: true }).log('x', { trace_id: 'mine' }));
    expect(written.at(-1)?.match(/"trace_id":/g)).toHaveLength(1);
    expect(last()['trace_id']).toBe('mine');
  });

  it('L6 keeps the ids on a record that Nest cuts short', () => {
    const ids = inSpan(() => new TraceConsoleLogger().log({ rows: 'x'.repeat(2_000_000) }));
    expect(last()).toMatchObject(ids);
  });

  it('L1 writes zeros outside of a span, or nothing by option', () => {
    new TraceConsoleLogger().log('outside');
    expect(last()).toMatchObject(ZEROS);
    new TraceConsoleLogger({ whenNoSpan: 'omit' }).log('outside');
    expect(last()).not.toHaveProperty('trace_id');
  });

  it('writes zeros in a timer made during a start-up whose span has ended', () => {
    const span = trace.getTracer('test').startSpan('start-up');
    const startUp = asStartUp(trace.setSpan(context.active(), span));
    const logger = new TraceConsoleLogger();
    context.with(startUp, () => logger.log('while it starts'));
    expect(last()).toMatchObject({ span_id: span.spanContext().spanId });
    span.end();
    context.with(startUp, () => logger.log('later'));
    expect(last()).toMatchObject(ZEROS);
  });

  it("L6 is Nest's logger in text mode, byte for byte, with the ids behind each record", () => {
    vi.useFakeTimers({ now: 0 });
    const options = { json: false, colors: true, prefix: 'App' };
    const ids = inSpan(() => new TraceConsoleLogger('Lookup', options).warn('text', { key: 1 }));
    new ConsoleLogger('Lookup', options).warn('text', { key: 1 });
    new TraceConsoleLogger('Lookup', options).warn('text', { key: 1 });
    const [traced, bare, outside] = written;
    const behind = ` trace_id=${ids.trace_id} span_id=${ids.span_id} trace_flags=01\n`;
    expect(traced).toBe(bare?.replace(/\n$/, behind));
    expect(outside).toBe(bare);
    written.length = 0;
    new TraceConsoleLogger({ json: false, whenNoSpan: 'zeros' }).log('outside');
    vi.useRealTimers();
    expect(written[0]).toContain(` trace_id=${ZEROS.trace_id} span_id=${ZEROS.span_id}`);
  });

  it('L1 writes nothing before the first record inside of a span, unless zeros are asked for', () => {
    resetProcessSlots();
    const logger = new TraceConsoleLogger();
    logger.log('starting');
    expect(last()).not.toHaveProperty('trace_id');
    new TraceConsoleLogger({ whenNoSpan: 'zeros' }).log('starting');
    expect(last()).toMatchObject(ZEROS);
    inSpan(() => logger.log('in a request'));
    logger.log('outside');
    expect(last()).toMatchObject(ZEROS);
  });

  it('honours levels, colours and context of the options', () => {
    const logger = new TraceConsoleLogger({ logLevels: ['warn'], context: 'Lookup', colors: true });
    logger.log('silent');
    expect(written).toEqual([]);
    const ids = inSpan(() => logger.warn('coloured'));
    expect(written.at(-1)).toContain(`trace_id: \u001b[32m'${ids.trace_id}'`);
  });

  it('L6 can be injected and be the logger of an application', async () => {
    @Injectable()
    class LookupService {
      readonly #logger = new Logger(LookupService.name);
      find(): void {
        this.#logger.log('injected');
      }
    }
    @Module({ providers: [TraceConsoleLogger, LookupService] })
    class AppModule {}

    const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
    moduleRef.useLogger(moduleRef.get(TraceConsoleLogger));
    const ids = inSpan(() => moduleRef.get(LookupService).find());
    expect(last()).toMatchObject({ context: 'LookupService', message: 'injected', ...ids });
    Logger.overrideLogger(new ConsoleLogger());
    await moduleRef.close();
  });

  it('names an option that it cannot use', () => {
    expect(() => new TraceConsoleLogger({ whenNoSpan: 'no' as 'omit' })).toThrow(
      'whenNoSpan: write "zeros" or "omit"',
    );
  });
});
