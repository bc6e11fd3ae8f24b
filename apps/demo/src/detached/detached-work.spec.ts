import { setTimeout } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { SpanStatusCode } from '@opentelemetry/api';
import { TracingService } from 'nestjs-tracing';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DetachedWork } from './detached-work.js';

describe('DetachedWork', () => {
  let app: TestingModule;
  let detached: DetachedWork;
  let tracing: TracingService;
  let spans: SpanRecorder;

  beforeEach(async () => {
    app = await Test.createTestingModule({
      imports: [TracingTestingModule.forRoot()],
      providers: [DetachedWork],
    }).compile();
    await app.init();
    detached = app.get(DetachedWork);
    tracing = app.get(TracingService);
    spans = app.get(SpanRecorder);
  });

  afterEach(() => app.close());

  it('returns at once and runs in a root span linked to the span of its caller', async () => {
    tracing.span('handle', () =>
      detached.start('audit', { 'audit.key': 'a' }, () => setTimeout(5)),
    );
    expect(spans.finished.map(({ name }) => name)).toEqual(['handle']);
    await detached.onApplicationShutdown();
    const [handle, audit] = [spans.one('handle'), spans.one('audit')];
    expect(audit.parentSpanContext).toBeUndefined();
    expect(audit.spanContext().traceId).not.toBe(handle.spanContext().traceId);
    expect(audit.links.map(({ context }) => context.spanId)).toEqual([handle.spanContext().spanId]);
    expect(audit.attributes['audit.key']).toBe('a');
  });

  it('waits at shutdown for what it runs and for what that starts', async () => {
    const done: string[] = [];
    detached.start('outer', {}, async () => {
      await setTimeout(5);
      detached.start('inner', {}, async () => {
        await setTimeout(5);
        done.push('inner');
      });
      done.push('outer');
    });
    await detached.onApplicationShutdown();
    expect(done).toEqual(['outer', 'inner']);
    spans.assertNoOpenSpans();
  });

  it('records a failure on its span, logs it once and lets it reach nobody', async () => {
    const logged = vi.spyOn(Logger.prototype, 'error').mockReturnValue();
    detached.start('audit', {}, () => Promise.reject(new Error('no table')));
    await detached.onApplicationShutdown();
    expect(spans.one('audit').status.code).toBe(SpanStatusCode.ERROR);
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });
});
