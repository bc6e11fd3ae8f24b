import { Controller, Get, Injectable } from '@nestjs/common';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { Detached, Traced, TracingService } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import type { Platform } from '../http/support/http-app.js';

@Injectable()
class Loop {
  @Traced()
  greedy(value: number): number {
    return this.inner(value) + 1;
  }

  @Traced()
  inner(value: number): number {
    return value;
  }

  @Traced()
  async late(value: number): Promise<number> {
    await Promise.resolve();
    return value;
  }

  @Traced()
  fail(): never {
    throw new Error('of the loop');
  }

  @Detached()
  async apart(): Promise<void> {
    for (let at = 0; at < 20; at += 1) await this.late(at);
  }
}

@Controller()
class LoopController {
  constructor(
    private readonly loop: Loop,
    private readonly tracing: TracingService,
  ) {}

  @Get('loop')
  run(): number {
    let sum = 0;
    for (let at = 0; at < 100; at += 1) sum += this.loop.greedy(at);
    return sum;
  }

  @Get('by-hand')
  byHand(): string {
    const tracer = trace.getTracer('user');
    const parents: unknown[] = [];
    for (let at = 0; at < 30; at += 1) {
      tracer.startActiveSpan(`by hand`, { kind: SpanKind.CLIENT }, (span: Span) => {
        parents.push(trace.getSpanContext(context.active())?.spanId);
        tracer.startSpan('below').end();
        span.end();
      });
    }
    return JSON.stringify(parents);
  }

  @Get('failing')
  failing(): string {
    let caught = 0;
    for (let at = 0; at < 30; at += 1) {
      try {
        this.loop.fail();
      } catch (error) {
        if ((error as Error).message === 'of the loop') caught += 1;
      }
    }
    return String(caught);
  }

  @Get('group')
  async group(): Promise<number> {
    const items = Array.from({ length: 30 }, (_, at) => at);
    const all = await this.tracing.map('items', items, (item) => this.loop.late(item));
    return all.reduce((sum, value) => sum + value, 0);
  }

  @Get('apart')
  async apart(): Promise<string> {
    this.run();
    await this.loop.apart();
    return 'done';
  }
}

let app: HttpApp;
afterEach(() => app.close());

async function start(platform: Platform, tracing: TracingModuleOptions): Promise<void> {
  app = await HttpApp.start(platform, {
    controllers: [LoopController],
    module: { providers: [Loop] },
    tracing: { http: { outgoing: false }, ...tracing },
  });
}

async function get(path: string): Promise<string> {
  const response = await fetch(`${app.url}${path}`);
  return response.text();
}

const stats = () => app.app.get(TracingService).stats().spans;
const warnings = (): string[] => app.logger.lines.filter((line) => line.includes('left out'));
const LIMITS = { perTrace: 5, hardLimit: 10 };

describe.each(PLATFORMS)('a budget for the spans of a trace, on %s', (platform) => {
  it('AU17 records no more than the hard limit, and the root says what it lacks', async () => {
    await start(platform, { spanBudget: LIMITS });
    expect(await get('/loop')).toBe(String(99 * 50 + 100));
    const root = await app.spans.one('GET /loop');
    expect(app.spans.finished).toHaveLength(LIMITS.hardLimit);
    expect(root.attributes['async.spans.dropped']).toBe(200 + 1 - LIMITS.hardLimit);
    expect(stats().dropped.budget).toBe(root.attributes['async.spans.dropped']);
    expect(root.attributes).not.toHaveProperty('async.spans.collapsed');
    await app.spans.noneOpen();
  });

  it('AU17 says once which names are the greediest', async () => {
    await start(platform, { spanBudget: LIMITS });
    await get('/loop');
    await get('/loop');
    await app.spans.many('GET /loop', 2);
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]).toContain(
      '191 spans of "GET /loop" left out: more than its budget ' +
        '(spanBudget.perTrace 5, spanBudget.hardLimit 10). Most are "Loop.inner" (96), "Loop.greedy" (95).',
    );
  });

  it('AU17 leaves nothing hanging on a span that is not there', async () => {
    await start(platform, { spanBudget: LIMITS });
    const parents = JSON.parse(await get('/by-hand')) as string[];
    const root = await app.spans.one('GET /by-hand');
    const ids = new Set(app.spans.finished.map((span) => span.spanContext().spanId));
    for (const span of app.spans.finished) {
      if (span !== root) expect(ids).toContain(span.parentSpanContext?.spanId);
    }
    expect(parents.at(-1)).toBe(root.spanContext().spanId);
    expect(root.attributes['async.spans.dropped']).toBe(61 - LIMITS.hardLimit);
  });

  it('AU12 calls, results and errors are as ever beyond the budget', async () => {
    await start(platform, { spanBudget: { perTrace: 2, hardLimit: 3 } });
    expect(await get('/failing')).toBe('30');
    expect(await get('/group')).toBe(String((29 * 30) / 2));
    const [failing, group] = [
      await app.spans.one('GET /failing'),
      await app.spans.one('GET /group'),
    ];
    expect(failing.status.code).toBe(SpanStatusCode.UNSET);
    expect(failing.attributes['async.spans.dropped']).toBe(31 - 3);
    expect(group.attributes['async.spans.dropped']).toBe(62 - 3);
  });

  it('AU17 counts each local root by itself: detached work has a budget of its own', async () => {
    await start(platform, { spanBudget: LIMITS });
    await get('/apart');
    const [root, apart] = [await app.spans.one('GET /apart'), await app.spans.one('Loop.apart')];
    expect(root.attributes['async.spans.dropped']).toBe(200 + 1 - LIMITS.hardLimit);
    expect(apart.attributes['async.spans.dropped']).toBe(20 + 1 - LIMITS.hardLimit);
  });

  it('AU20 counts nothing of what is sampled out', async () => {
    await start(platform, { spanBudget: LIMITS, sampler: { ratio: 0 } });
    await get('/loop');
    expect(stats()).toMatchObject({ started: 0, dropped: { budget: 0 } });
    expect(warnings()).toEqual([]);
  });

  it('has no limit with false, or with Infinity', async () => {
    await start(platform, { spanBudget: false });
    await get('/loop');
    const root = await app.spans.one('GET /loop');
    expect(app.spans.finished).toHaveLength(201);
    expect(root.attributes).not.toHaveProperty('async.spans.dropped');
  });
});
