import { Writable } from 'node:stream';
import { trace } from '@opentelemetry/api';
import type { Params } from 'nestjs-pino';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Options } from 'pino-http';
import { afterAll, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { withTraceContext } from './with-trace-context.js';

function sink() {
  const lines: string[] = [];
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString());
      done();
    },
  });
  return { stream, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

/** Makes the logger as nestjs-pino does and writes one line in a span. */
function logInSpan({ pinoHttp: given }: Params): { trace_id: string; span_id: string } {
  const args = (Array.isArray(given) ? given : [given]) as [Options];
  const { logger } = pinoHttp(...args);
  return trace.getTracer('test').startActiveSpan('work', (span) => {
    logger.info('line');
    span.end();
    const { traceId, spanId } = span.spanContext();
    return { trace_id: traceId, span_id: spanId };
  });
}

describe('withTraceContext', () => {
  const spans = recordSpans();
  afterAll(() => spans.stop());

  it.each<[string, (stream: Writable) => NonNullable<Params['pinoHttp']>]>([
    ['options', (stream) => ({ stream })],
    ['options and a stream', (stream) => [{ level: 'debug' }, stream]],
    ['a stream', (stream) => stream],
    ['a logger', (stream) => ({ logger: pino(stream) })],
  ])('L1 takes %s', (_, make) => {
    const { stream, last } = sink();
    const ids = logInSpan(withTraceContext({ pinoHttp: make(stream) }));
    expect(last()).toMatchObject(ids);
  });

  it('takes no parameters at all', () => {
    const { pinoHttp: options } = withTraceContext();
    expect((options as Options).mixin?.({}, 30, {} as Logger)).toMatchObject({
      trace_flags: '00',
    });
  });

  it('keeps every other parameter', () => {
    const params: Params = { useExisting: true, renameContext: 'scope', exclude: ['health'] };
    expect(withTraceContext(params)).toMatchObject(params);
  });

  it('leaves what it was given as it was', () => {
    const { stream } = sink();
    const options = Object.freeze({ level: 'info', stream, mixin: () => ({}) });
    const params = Object.freeze({ pinoHttp: options });
    const traced = withTraceContext(params);
    expect(traced).not.toBe(params);
    expect(params.pinoHttp).toBe(options);
    expect(Object.keys(options)).toEqual(['level', 'stream', 'mixin']);

    const pair = Object.freeze([options, stream]) as unknown as [Options, Writable];
    withTraceContext({ pinoHttp: pair });
    expect(pair[0]).toBe(options);
  });

  it('L4 composes the mixin of the options', () => {
    const { stream, last } = sink();
    const ids = logInSpan(
      withTraceContext({ pinoHttp: { stream, mixin: () => ({ region: 'eu' }) } }),
    );
    expect(last()).toMatchObject({ region: 'eu', ...ids });
  });

  it('L4 writes through a given logger, with its mixin, and leaves it as it was', () => {
    const { stream, last } = sink();
    const mixin = () => ({ region: 'eu' });
    const logger = pino({ mixin, name: 'mine' }, stream).child({ part: 'http' });
    const ids = logInSpan(withTraceContext({ pinoHttp: { logger } }));
    expect(last()).toMatchObject({ name: 'mine', part: 'http', region: 'eu', ...ids });
    logger.info('directly');
    expect(last()).not.toHaveProperty('trace_id');
  });

  it('names the option and the cure for a logger that is not of pino', () => {
    const logger = { info: () => undefined, child: () => logger } as unknown as Logger;
    expect(() => withTraceContext({ pinoHttp: { logger } })).toThrow(
      /^pinoHttp\.logger: is not a logger made by pino\(\).*pino\(\{ mixin: traceMixin\(\) \}\)/,
    );
  });

  it('refuses an unknown whenNoSpan', () => {
    expect(() => withTraceContext({}, { whenNoSpan: 'none' as 'omit' })).toThrow(/whenNoSpan/);
  });

  it('keeps the type of parameters for custom requests and levels', () => {
    const params = { pinoHttp: { customLevels: { audit: 35 } }, renameContext: 'scope' };
    const traced: typeof params = withTraceContext(params);
    expect(traced.renameContext).toBe('scope');
  });
});
