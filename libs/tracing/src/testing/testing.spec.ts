import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced } from '../decorators/traced.decorator.js';
import { recordFunction } from '../span/span-function.js';
import { TracingService } from '../tracing.service.js';
import type { RecordSpansOptions } from './index.js';
import { SpanRecorder, TracingTestingModule, recordSpans } from './index.js';

let spans: SpanRecorder | undefined;
afterEach(() => spans?.stop());

function record(options?: RecordSpansOptions): SpanRecorder {
  spans = recordSpans(options);
  return spans;
}

async function orders(): Promise<void> {
  await recordFunction(
    'place',
    { attributes: { 'order.id': 'a', lines: [1, 2] } },
    async (place) => {
      recordFunction('reserve', {}, () => undefined);
      await recordFunction('charge', {}, async (charge) => {
        charge.setStatus({ code: SpanStatusCode.ERROR });
        await sleep(1);
      });
      const links = [{ context: place.spanContext() }];
      recordFunction('audit', { root: true, links }, () => undefined);
    },
  );
}

describe('recordSpans', () => {
  it('records what a tracer opens that CommonJS code took before', () => {
    const commonJs = createRequire(import.meta.url)('@opentelemetry/api') as {
      trace: typeof trace;
    };
    const early = commonJs.trace.getTracer('early');
    record();
    early.startSpan('inner').end();
    expect(spans?.tree()).toBe('inner');
  });

  it('prints traces as trees, with status, links and the attributes asked for', async () => {
    const recorder = record();
    await orders();
    expect(recorder.tree({ attributes: ['order.id', 'lines'] })).toBe(
      [
        'place order.id=a lines=[1,2]',
        '  reserve',
        '  charge status=ERROR',
        'audit link=place',
      ].join('\n'),
    );
    expect(recorder.tree({ status: false, links: false })).toBe(
      'place\n  reserve\n  charge\naudit',
    );
  });

  it('finds spans by name and by parent', async () => {
    const recorder = record();
    await orders();
    const children = recorder.childrenOf(recorder.one('place'));
    expect(children.map((span) => span.name)).toEqual(['reserve', 'charge']);
    expect(recorder.named('nothing')).toEqual([]);
    expect(() => recorder.one('nothing')).toThrow(/no span named "nothing"\. Recorded:\nplace/);
    await orders();
    expect(() => recorder.one('place')).toThrow(/2 spans named "place"/);
  });

  it('says that a parent was not recorded', () => {
    const recorder = record();
    const parent = trace.getTracer('test').startSpan('open');
    trace.getTracer('test').startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, parent)).end();
    expect(recorder.tree()).toContain(`child (parent ${parent.spanContext().spanId} not recorded)`);
    parent.end();
  });

  it('names the spans that were started and never ended', () => {
    const recorder = record();
    recorder.assertNoOpenSpans();
    const leak = trace.getTracer('test').startSpan('leak');
    expect(() => recorder.assertNoOpenSpans()).toThrow('Spans started and never ended: leak');
    leak.end();
    recorder.assertNoOpenSpans();
  });

  it('forgets on reset, and records with the sampler it is given', () => {
    const recorder = record({ sampler: new AlwaysOffSampler() });
    recordFunction('unsampled', {}, () => undefined);
    expect(recorder.finished).toEqual([]);
    recorder.reset();
    expect([recorder.tree(), recorder.open]).toEqual(['', []]);
  });

  it('refuses to record where an SDK runs already, and frees the place when it stops', async () => {
    const recorder = record();
    expect(() => recordSpans()).toThrow(/an OpenTelemetry SDK is registered already/);
    await Promise.all([recorder.stop(), recorder.stop()]);
    await record().stop();
  });
});

describe('TracingTestingModule', () => {
  it('gives an application its TracingService and keeps the spans in memory', async () => {
    @Injectable()
    class Cats {
      constructor(private readonly tracing: TracingService) {}

      @Traced()
      feed(): void {
        this.tracing.setAttributes({ fed: true });
      }
    }
    for (let application = 0; application < 2; application++) {
      const app = await Test.createTestingModule({
        imports: [TracingTestingModule.forRoot()],
        providers: [Cats],
      }).compile();
      await app.init();
      app.get(Cats).feed();
      expect(app.get(SpanRecorder).tree({ attributes: ['fed'] })).toBe('Cats.feed fed=true');
      await app.close();
    }
  });
});
