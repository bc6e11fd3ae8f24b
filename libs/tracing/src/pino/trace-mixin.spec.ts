import { context, propagation, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { traceMixin } from './trace-mixin.js';

const ZEROS = { trace_id: '0'.repeat(32), span_id: '0'.repeat(16), trace_flags: '00' };

function loggerWith<L extends string = never>(options: LoggerOptions<L>) {
  const lines: string[] = [];
  const logger = pino(
    { base: null, timestamp: false, ...options },
    {
      write: (line: string) => void lines.push(line),
    },
  );
  return {
    logger: logger as Logger<L>,
    last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>,
    lastLine: () => lines.at(-1) ?? '',
  };
}

function inSpan(fn: () => void): typeof ZEROS {
  return trace.getTracer('test').startActiveSpan('work', (span) => {
    fn();
    span.end();
    return idsOf(span.spanContext());
  });
}

function idsOf({ traceId, spanId }: SpanContext): typeof ZEROS {
  return { trace_id: traceId, span_id: spanId, trace_flags: '01' };
}

describe('traceMixin', () => {
  const spans = recordSpans();
  afterEach(() => spans.reset());
  afterAll(() => spans.stop());

  it('L1 gives a record the ids of the active span', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin() });
    const ids = inSpan(() => logger.info('inside'));
    expect(last()).toEqual({ level: 30, ...ids, msg: 'inside' });
    expect(ids.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(ids.span_id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('L1 fills the ids with zeros outside of a span', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin() });
    logger.info('outside');
    expect(last()).toEqual({ level: 30, ...ZEROS, msg: 'outside' });
  });

  it("L1 leaves the ids out outside of a span with whenNoSpan: 'omit'", () => {
    const { logger, last } = loggerWith({ mixin: traceMixin({ whenNoSpan: 'omit' }) });
    logger.info({ key: 1 }, 'outside');
    expect(last()).toEqual({ level: 30, key: 1, msg: 'outside' });
    const ids = inSpan(() => logger.info('inside'));
    expect(last()).toMatchObject(ids);
  });

  it.each([
    [0x00, '00'],
    [0x01, '01'],
    [0x03, '03'],
    [0xff, 'ff'],
  ])('L1 writes trace flags %i as %s', (traceFlags, expected) => {
    const { logger, last } = loggerWith({ mixin: traceMixin() });
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags };
    context.with(trace.setSpanContext(context.active(), remote), () => logger.info('remote'));
    expect(last()).toMatchObject({
      trace_id: remote.traceId,
      span_id: remote.spanId,
      trace_flags: expected,
    });
  });

  it('L1 takes a span without valid ids for none', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin({ whenNoSpan: 'omit' }) });
    const invalid = { traceId: ZEROS.trace_id, spanId: ZEROS.span_id, traceFlags: 0 };
    context.with(trace.setSpanContext(context.active(), invalid), () => logger.info('none'));
    expect(last()).toEqual({ level: 30, msg: 'none' });
  });

  it('L4 calls a composed mixin as pino does and keeps its fields', () => {
    const calls: unknown[][] = [];
    const mixin = (...args: unknown[]): object => {
      calls.push(args);
      return { region: 'eu' };
    };
    const { logger, last } = loggerWith({ mixin: traceMixin({ mixin }) });
    const ids = inSpan(() => logger.warn({ key: 1 }, 'both'));
    expect(calls).toEqual([[{ key: 1 }, 40, logger]]);
    expect(last()).toEqual({ level: 40, region: 'eu', ...ids, key: 1, msg: 'both' });
  });

  it('L4 leaves a shared object of the composed mixin alone', () => {
    const shared = Object.freeze({ region: 'eu' });
    const { logger, last } = loggerWith({ mixin: traceMixin({ mixin: () => shared }) });
    inSpan(() => logger.info({ key: 1 }, 'frozen'));
    expect(last()).toMatchObject({ region: 'eu', key: 1 });
    expect(shared).toEqual({ region: 'eu' });
  });

  it('L4 overrides the ids of a composed mixin inside a span and keeps them outside', () => {
    const mixin = () => ({ trace_id: 'mine' });
    const { logger, last } = loggerWith({ mixin: traceMixin({ mixin }) });
    logger.info('outside');
    expect(last()).toMatchObject({ trace_id: 'mine' });
    const ids = inSpan(() => logger.info('inside'));
    expect(last()).toMatchObject(ids);
  });

  it('L4 lets a field of the log call win, written once', () => {
    const { logger, last, lastLine } = loggerWith({ mixin: traceMixin() });
    inSpan(() => logger.info({ trace_id: 'mine' }, 'explicit'));
    expect(last()).toMatchObject({ trace_id: 'mine' });
    expect(lastLine().match(/"trace_id":/g)).toHaveLength(1);
  });

  it('L4 obeys mixinMergeStrategy', () => {
    const { logger, last } = loggerWith({
      mixin: traceMixin(),
      mixinMergeStrategy: (record, mixin) => ({ ...record, ...mixin, merged: true }),
    });
    const ids = inSpan(() => logger.info({ trace_id: 'mine' }, 'merged'));
    expect(last()).toEqual({ level: 30, ...ids, merged: true, msg: 'merged' });
  });

  it('L4 goes through formatters and redaction', () => {
    const { logger, last } = loggerWith({
      mixin: traceMixin(),
      formatters: {
        level: (severity) => ({ severity }),
        log: ({ trace_id: traceId, ...rest }) => ({ ...rest, 'dd.trace_id': traceId }),
      },
      redact: ['password', 'span_id'],
    });
    const ids = inSpan(() => logger.info({ password: 'x' }, 'formatted'));
    expect(last()).toEqual({
      severity: 'info',
      'dd.trace_id': ids.trace_id,
      span_id: '[Redacted]',
      trace_flags: '01',
      password: '[Redacted]',
      msg: 'formatted',
    });
  });

  it('L4 gives child loggers and grandchildren the ids, with their own bindings', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin() });
    const child = logger.child({ module: 'a' }).child({ part: 'b' }, { redact: ['secret'] });
    const ids = inSpan(() => child.info({ secret: 1 }, 'child'));
    expect(last()).toMatchObject({ module: 'a', part: 'b', secret: '[Redacted]', ...ids });
  });

  it('L4 nests the ids with all other fields under nestedKey', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin(), nestedKey: 'payload' });
    const ids = inSpan(() => logger.info({ key: 1 }, 'nested'));
    expect(last()).toEqual({ level: 30, payload: { ...ids, key: 1 }, msg: 'nested' });
  });

  it('L4 serves custom levels', () => {
    const { logger, last } = loggerWith({ customLevels: { audit: 35 }, mixin: traceMixin() });
    const ids = inSpan(() => logger.audit('custom'));
    expect(last()).toEqual({ level: 35, ...ids, msg: 'custom' });
  });

  it('writes the ids of an error logged as the record', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin() });
    const ids = inSpan(() => logger.error(new Error('lost')));
    expect(last()).toMatchObject({ ...ids, msg: 'lost' });
  });

  it('ignores baggage without a span', () => {
    const { logger, last } = loggerWith({ mixin: traceMixin() });
    const baggage = propagation.createBaggage({ key: { value: 'v' } });
    context.with(propagation.setBaggage(context.active(), baggage), () => logger.info('baggage'));
    expect(last()).toMatchObject(ZEROS);
  });

  it('names the option that it cannot use', () => {
    expect(() => traceMixin({ whenNoSpan: 'zero' as 'zeros' })).toThrow(
      'whenNoSpan: write "zeros" or "omit"',
    );
    expect(() => traceMixin({ mixin: { region: 'eu' } as never })).toThrow(
      'mixin: write a function',
    );
    expect(() => traceMixin({ whenNoSpans: 'omit' } as object)).toThrow(
      'whenNoSpans: there is no such option; did you mean "whenNoSpan"?',
    );
  });
});
