import { Controller, Get, Injectable } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced, TracingService } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import { FaultCollector } from '../support/fault-collector.js';
import { unaccounted } from '../support/tracing-app.js';

const CALLS = 1_000_000;
/** Of the default queue, which holds 2048 spans. */
const HARD_LIMIT = 1536;
const OTHERS = 50;

@Injectable()
class Loop {
  @Traced()
  call(value: number): number {
    return value & 1;
  }
}

@Controller()
class LoopController {
  constructor(private readonly loop: Loop) {}

  @Get('loop')
  run(): number {
    let sum = 0;
    for (let at = 0; at < CALLS; at += 1) sum += this.loop.call(at);
    return sum;
  }
}

let app: HttpApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

describe.each(PLATFORMS)('a hot loop in one request, on %s', (platform) => {
  it('AU17 sends its budget and no more, drops nothing else, and has exact numbers', async () => {
    collector = await FaultCollector.start();
    app = await HttpApp.start(platform, {
      controllers: [LoopController],
      module: { providers: [Loop] },
      tracing: {
        exporter: 'otlp-grpc',
        endpoint: collector.url,
        http: { outgoing: false },
      },
    });
    const tracing = app.app.get(TracingService);
    for (let at = 0; at < OTHERS; at += 1) trace.getTracer('test').startSpan('another').end();
    const response = await fetch(`${app.url}/loop`);
    expect(await response.text()).toBe(String(CALLS / 2));
    const root = await app.spans.one('GET /loop');
    await tracing.flush();
    const { spans } = tracing.stats();
    const left = CALLS + 1 - HARD_LIMIT;
    expect(root.attributes['async.spans.dropped']).toBe(left);
    expect(spans).toMatchObject({
      started: CALLS + 1 + OTHERS,
      ended: CALLS + 1 + OTHERS,
      exported: HARD_LIMIT + OTHERS,
      queued: 0,
    });
    expect({ ...spans.dropped, budget: 0 }).toEqual(
      Object.fromEntries(Object.keys(spans.dropped).map((reason) => [reason, 0])),
    );
    expect(spans.dropped.budget).toBe(left);
    expect(unaccounted(spans)).toBe(0);
    expect(collector.received).toBe(HARD_LIMIT + OTHERS);
  });
});
