import { Test } from '@nestjs/testing';
import { trace } from '@opentelemetry/api';
import { AlwaysOffSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace';
import { TracingModule, TracingService } from 'nestjs-tracing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, vi } from 'vitest';

/** How a group's semantics must not differ: with spans, without an SDK, sampled out itself or with its parent. */
export const MODES = [
  'recorded',
  'without an SDK',
  'sampled out',
  'in a sampled-out request',
] as const;

export type Mode = (typeof MODES)[number];

/** An application's `TracingService`, and the recorder if there is an SDK. */
export interface OpenTracing {
  readonly tracing: TracingService;
  readonly spans: SpanRecorder | undefined;
  /** Runs a test where a request would run it: inside of a sampled-out parent, in that mode. */
  inRequest<T>(test: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openTracing(mode: Mode): Promise<OpenTracing> {
  const spans = recorderOf(mode);
  if (spans === undefined) process.env['OTEL_SDK_DISABLED'] = 'true';
  const app = await Test.createTestingModule({ imports: [TracingModule.forRoot()] }).compile();
  await app.init();
  delete process.env['OTEL_SDK_DISABLED'];
  return {
    tracing: app.get(TracingService),
    spans,
    inRequest: (test) => (mode === 'in a sampled-out request' ? inSampledOutSpan(test) : test()),
    close: async () => {
      await app.close();
      await spans?.stop();
    },
  };
}

function recorderOf(mode: Mode): SpanRecorder | undefined {
  if (mode === 'recorded') return recordSpans();
  if (mode === 'without an SDK') return undefined;
  return recordSpans({ sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) });
}

function inSampledOutSpan<T>(test: () => Promise<T>): Promise<T> {
  return trace.getTracer('test').startActiveSpan('request', async (span) => {
    try {
      return await test();
    } finally {
      span.end();
    }
  });
}

/** An application whose spans are recorded, during a suite; its tests leave no span open. */
export function useRecordedTracing(): Pick<OpenTracing, 'tracing'> & { spans: SpanRecorder } {
  const opened: { tracing?: TracingService; spans?: SpanRecorder } = {};
  let open: OpenTracing;
  beforeAll(async () => {
    open = await openTracing('recorded');
    Object.assign(opened, { tracing: open.tracing, spans: open.spans });
  });
  afterEach(() => {
    open.spans?.assertNoOpenSpans();
    open.spans?.reset();
  });
  afterAll(() => open.close());
  return opened as { tracing: TracingService; spans: SpanRecorder };
}

type GroupMethods = Pick<TracingService, 'group' | 'map' | 'settled'>;

/** Defines the same tests for every mode: without an SDK, or sampled out, nothing may be different. */
export function inEveryMode(title: string, define: (methods: GroupMethods) => void): void {
  describe.each(MODES)(`G20 ${title}, %s`, (mode) => {
    let open: OpenTracing;
    beforeAll(async () => {
      open = await openTracing(mode);
    });
    afterEach(() => {
      open.spans?.assertNoOpenSpans();
      open.spans?.reset();
      vi.restoreAllMocks();
    });
    afterAll(() => open.close());
    const call =
      (method: keyof GroupMethods) =>
      (...args: unknown[]): Promise<never> =>
        open.inRequest(() => Reflect.apply(open.tracing[method], open.tracing, args));
    define({ group: call('group'), map: call('map'), settled: call('settled') });
  });
}
