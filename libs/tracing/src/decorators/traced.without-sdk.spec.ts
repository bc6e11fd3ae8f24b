import { context, trace } from '@opentelemetry/api';
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { lastValueFrom, of } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { SpanRecorder } from '../testing/index.js';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

let spans: SpanRecorder | undefined;
afterEach(async () => {
  await spans?.stop();
  spans = undefined;
});

let seen: unknown[] = [];

class Plain {
  @Traced({ attributes: () => ({ called: seen.push('attributes') }) })
  sync(value: unknown): unknown {
    seen.push(trace.getActiveSpan()?.spanContext().spanId);
    return value;
  }

  @Traced()
  async async(value: unknown): Promise<unknown> {
    return this.sync(value);
  }

  @Traced()
  throws(error: unknown): never {
    throw error;
  }

  @Traced()
  observable(value: unknown) {
    return of(value);
  }

  @Traced()
  *generator(): Generator<number, string> {
    yield 1;
    return 'end';
  }
}

async function behavesAsBare(): Promise<void> {
  const plain = new Plain();
  const promise = Promise.resolve(1);
  const error = new Error('same');
  expect(plain.sync(promise)).toBe(promise);
  expect(await plain.async('value')).toBe('value');
  expect(await lastValueFrom(plain.observable('value'))).toBe('value');
  expect(plain.generator().next()).toEqual({ value: 1, done: false });
  expect(() => plain.throws(error)).toThrow(error);
}

describe('a traced method', () => {
  it('T13 behaves as the bare one without an SDK, and computes no attributes', async () => {
    seen = [];
    await behavesAsBare();
    expect(seen).toEqual([undefined, undefined]);
  });

  it('T13 behaves as the bare one under a sampled-out local parent: no span, no context of its own', async () => {
    spans = recordSpans({ sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) });
    const parent = trace.getTracer('test').startSpan('parent');
    seen = [];
    await context.with(trace.setSpan(context.active(), parent), behavesAsBare);
    const { spanId } = parent.spanContext();
    expect(seen).toEqual([spanId, spanId]);
    expect(spans.finished).toEqual([]);
  });

  it('T13 asks the sampler under a sampled-out remote parent', async () => {
    spans = recordSpans();
    const remote = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 0,
      isRemote: true,
    };
    let inside: string | undefined;
    class Edge {
      @Traced()
      handle(): void {
        inside = trace.getActiveSpan()?.spanContext().spanId;
      }
    }
    context.with(trace.setSpanContext(context.active(), remote), () => new Edge().handle());
    expect(inside).not.toBe(remote.spanId);
    expect(spans.finished).toEqual([]);
  });

  it('T13 starts to record when an SDK comes', async () => {
    const plain = new Plain();
    plain.sync(1);
    spans = recordSpans();
    plain.sync(1);
    expect(spans.tree()).toBe('Plain.sync');
  });
});
