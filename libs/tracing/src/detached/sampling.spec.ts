import { TraceFlags } from '@opentelemetry/api';
import type { Sampler } from '@opentelemetry/sdk-trace';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  createAlwaysRecordSampler,
} from '@opentelemetry/sdk-trace';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinksBasedSampler, TracingModule, TracingService } from '../index.js';
import type { DetachedOptions, DetachedTask, TracingModuleOptions } from '../index.js';
import { recordSpans } from '../testing/index.js';

const RATIO = 0.3;
const RUNS = 300;

describe('sampling of detached work', () => {
  beforeEach(() => {
    Logger.overrideLogger(false);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each<[string, TracingModuleOptions]>([
    ['a ratio', { sampler: { ratio: RATIO } }],
    ['a sampler', { sampler: new TraceIdRatioBasedSampler(RATIO) }],
    ["NodeSDK's sampler", { sdk: { sampler: new TraceIdRatioBasedSampler(RATIO) } }],
  ])('D6 inherits from the origin under %s in the options', async (_, options) => {
    const pairs = await startMany(options, {});
    expect(pairs.filter((pair) => pair.origin).length).toBeGreaterThan(0);
    expect(pairs.filter((pair) => pair.origin !== pair.detached)).toEqual([]);
  });

  it.each(['parentbased_traceidratio', 'traceidratio'])(
    'D6 inherits from the origin under OTEL_TRACES_SAMPLER=%s',
    async (sampler) => {
      vi.stubEnv('OTEL_TRACES_SAMPLER', sampler);
      vi.stubEnv('OTEL_TRACES_SAMPLER_ARG', String(RATIO));
      const pairs = await startMany({}, {});
      const sampled = pairs.filter((pair) => pair.origin).length;
      expect(sampled).toBeGreaterThan(0);
      expect(sampled).toBeLessThan(RUNS);
      expect(pairs.filter((pair) => pair.origin !== pair.detached)).toEqual([]);
    },
  );

  it('D6 samples as any new trace by option', async () => {
    const pairs = await startMany({ sampler: { ratio: RATIO } }, { sampling: 'independent' });
    expect(pairs.some((pair) => pair.origin && !pair.detached)).toBe(true);
    expect(pairs.some((pair) => !pair.origin && pair.detached)).toBe(true);
  });

  it('D6 keeps what the wrapped sampler adds, and leaves every other span to it', async () => {
    const sampler: Sampler = {
      shouldSample: (...args) => ({
        ...new AlwaysOnSampler().shouldSample(),
        attributes: { 'sampler.links': args[5].length },
      }),
      toString: () => 'Adding',
    };
    const spans = recordSpans({ sampler: new LinksBasedSampler(sampler) });
    const app = await start({});
    const tracing = app.get(TracingService);
    await tracing.span('request', () => tracing.detach('audit', () => undefined)).done;
    expect(spans.tree({ attributes: ['sampler.links'] })).toBe(
      'request sampler.links=0\naudit sampler.links=1 link=request',
    );
    await app.close();
    await spans.stop();
  });

  it('D6 holds for what a detached task detaches, and not for roots that it links itself', async () => {
    const byName: Sampler = {
      shouldSample: (_parent, _traceId, name) =>
        name === 'request'
          ? new AlwaysOnSampler().shouldSample()
          : new AlwaysOffSampler().shouldSample(),
      toString: () => 'ByName',
    };
    const spans = recordSpans({
      sampler: new LinksBasedSampler(new ParentBasedSampler({ root: byName })),
    });
    const app = await start({});
    const tracing = app.get(TracingService);
    const inner = (): Promise<void> => {
      tracing.span('own root', { root: true, links: linkTo(tracing) }, () => undefined);
      return tracing.detach('inner', () => undefined).done;
    };
    await tracing.span('request', () => tracing.detach('outer', inner)).done;
    expect(spans.finished.map((span) => span.name).toSorted()).toEqual([
      'inner',
      'outer',
      'request',
    ]);
    await app.close();
    await spans.stop();
  });

  it('lets a sampler that records without sampling go on doing so', async () => {
    const recording = createAlwaysRecordSampler(new AlwaysOffSampler());
    const spans = recordSpans({ sampler: new LinksBasedSampler(recording) });
    const app = await start({});
    const tracing = app.get(TracingService);
    const task = tracing.span('request', () => tracing.detach('audit', () => undefined));
    await task.done;
    const [audit] = spans.named('audit');
    expect(audit?.spanContext().traceFlags).toBe(TraceFlags.NONE);
    expect(audit?.links).toHaveLength(1);
    await app.close();
    await spans.stop();
  });
});

function linkTo(tracing: TracingService) {
  const { activeSpan } = tracing;
  return activeSpan === undefined ? [] : [{ context: activeSpan.spanContext() }];
}

async function start(options: TracingModuleOptions) {
  const moduleRef = await Test.createTestingModule({
    imports: [TracingModule.forRoot({ exporter: 'none', ...options })],
  }).compile();
  return moduleRef.init();
}

/** Detaches work from many requests and tells for each whether both were sampled. */
async function startMany(options: TracingModuleOptions, own: DetachedOptions) {
  const app = await start(options);
  const tracing = app.get(TracingService);
  const pairs: { origin: boolean; detached: boolean }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    let detached = false;
    let task: DetachedTask | undefined;
    const origin = tracing.span('request', { root: true }, (span) => {
      task = tracing.detach('audit', own, (context) => {
        detached = isSampled(context.span.spanContext().traceFlags);
      });
      return isSampled(span.spanContext().traceFlags);
    });
    await task?.done;
    pairs.push({ origin, detached });
  }
  await app.close();
  return pairs;
}

function isSampled(flags: TraceFlags): boolean {
  return (flags & TraceFlags.SAMPLED) !== 0;
}
