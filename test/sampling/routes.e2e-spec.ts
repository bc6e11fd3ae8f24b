import {
  All,
  Controller,
  Get,
  Head,
  Injectable,
  Module,
  Post,
  RequestMethod,
  VersioningType,
} from '@nestjs/common';
import type { INestApplication, MiddlewareConsumer, NestModule } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced, TracingService } from 'nestjs-tracing';
import type { SamplingRuleOptions } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from '../http/support/http-app.js';
import type { HttpAppOptions, Platform } from '../http/support/http-app.js';

/** What a handler sees of its trace. */
interface Seen {
  readonly traceId: string;
  readonly flags: number;
}

function seen(): Seen {
  const { traceId = '', traceFlags = -1 } = trace.getActiveSpan()?.spanContext() ?? {};
  return { traceId, flags: traceFlags };
}

@Injectable()
class Below {
  @Traced()
  work(): Seen {
    return seen();
  }
}

@Controller('orders')
class OrdersController {
  constructor(private readonly below: Below) {}

  @Get('latest')
  latest(): Seen {
    return this.below.work();
  }

  @Get(':id')
  find(): Seen {
    return this.below.work();
  }

  @Post(':id')
  change(): Seen {
    return seen();
  }

  @Get(':id/items/:item.json')
  item(): Seen {
    return seen();
  }
}

@Controller('files')
class FilesController {
  @Get('*')
  read(): Seen {
    return seen();
  }
}

@Controller({ path: 'versioned', version: '2' })
class VersionedController {
  @Get(':id')
  find(): Seen {
    return seen();
  }
}

@Controller('health')
class HealthController {
  @All()
  all(): Seen {
    return seen();
  }

  @Head('head')
  head(): void {}

  @Get('get')
  get(): Seen {
    return seen();
  }
}

let app: HttpApp;
afterEach(() => app.close());

interface Setup {
  readonly rules: readonly SamplingRuleOptions[];
  readonly ratio?: number;
  readonly prepare?: HttpAppOptions['prepare'];
}

async function start(platform: Platform, { rules, ratio = 1, prepare }: Setup): Promise<void> {
  app = await HttpApp.start(platform, {
    controllers: [OrdersController, FilesController, VersionedController, HealthController],
    module: { providers: [Below] },
    tracing: { http: { outgoing: false }, sampler: { rules, ratio } },
    ...(prepare === undefined ? {} : { prepare }),
  });
}

async function get(path: string, init: RequestInit = {}): Promise<Seen> {
  const response = await fetch(`${app.url}${path}`, init);
  const body = await response.text();
  return body.startsWith('{"traceId"') ? (JSON.parse(body) as Seen) : { traceId: '', flags: -1 };
}

const sampling = () => app.app.get(TracingService).stats().sampling;
const CALLER = '00-11111111111111111111111111111111-2222222222222222-01';
const QUIET_CALLER = CALLER.replace(/1$/, '0');

describe.each(PLATFORMS)('rules by route, on %s', (platform) => {
  it('SR1 the first that matches decides, the ratio where none does', async () => {
    const rules = [
      { route: '/orders/latest', ratio: 1, name: 'the latest' },
      { route: '/orders/*', method: 'GET', ratio: 0 },
    ];
    await start(platform, { rules, ratio: 0 });
    expect((await get('/orders/latest')).flags).toBe(1);
    expect((await get('/orders/7')).flags).toBe(0);
    expect((await get('/orders/7', { method: 'POST' })).flags).toBe(0);
    expect((await get('/health')).flags).toBe(0);
    const root = await app.spans.one('GET /orders/latest');
    expect(root.attributes['sampling.rule']).toBe('the latest');
    expect(app.spans.finished).toHaveLength(2);
    expect(sampling()).toEqual([
      { rule: 'the latest', sampledOut: 0, failed: 0, recordedLate: 0 },
      { rule: 'route GET /orders/*', sampledOut: 1, failed: 0, recordedLate: 0 },
      { rule: 'default', sampledOut: 2, failed: 0, recordedLate: 0 },
    ]);
  });

  it('SR2 the template of the route that handles it counts, in the order of registration', async () => {
    const rules = [
      { route: '/orders/:id', ratio: 0 },
      { route: '/orders/:id/items/:item.json', ratio: 0 },
      { route: '/files/*', ratio: 0 },
      { route: '/health', ratio: 0 },
    ];
    await start(platform, { rules });
    const flags = async (path: string, init?: RequestInit) => (await get(path, init)).flags;
    expect(await flags('/orders/latest')).toBe(1);
    expect(await flags('/orders/7?latest=1')).toBe(0);
    expect(await flags('/orders/7/items/1.json')).toBe(0);
    expect(await flags('/files/a/b/c.txt')).toBe(0);
    expect(await flags('/health')).toBe(0);
    expect(await flags('/health', { method: 'DELETE' })).toBe(0);
    expect(await flags('/health/get')).toBe(1);
  });

  it('SR2 the route is on the span from its start', async () => {
    await start(platform, { rules: [{ route: '/orders/:id', ratio: 1 }] });
    await get('/orders/7');
    const root = await app.spans.one('GET /orders/:id');
    const atStart = app.spans.atStart.get(root.spanContext().spanId);
    expect(atStart).toMatchObject({
      'http.route': '/orders/:id',
      'sampling.rule': 'route /orders/:id',
    });
  });

  it('SR2 prefixes and versions are part of it', async () => {
    const rules = [
      { route: '/api/v2/versioned/:id', ratio: 0 },
      { route: '/api/orders/:id', ratio: 0 },
    ];
    const prepare = (nest: INestApplication) => {
      nest.setGlobalPrefix('api', { exclude: [{ path: 'health', method: RequestMethod.ALL }] });
      nest.enableVersioning({ type: VersioningType.URI });
    };
    await start(platform, { rules, prepare });
    expect((await get('/api/v2/versioned/7')).flags).toBe(0);
    expect((await get('/api/orders/7')).flags).toBe(0);
    expect((await get('/api/orders/latest')).flags).toBe(1);
  });

  it('SR2 versions in a header have one template', async () => {
    const rules = [{ route: '/versioned/:id', ratio: 0 }];
    const prepare = (nest: INestApplication) => {
      nest.enableVersioning({ type: VersioningType.HEADER, header: 'version' });
    };
    await start(platform, { rules, prepare });
    expect((await get('/versioned/7', { headers: { version: '2' } })).flags).toBe(0);
  });

  it('SR2 a request that no route is for has none', async () => {
    await start(platform, { rules: [{ route: '*'.padStart(2, '/'), ratio: 0 }] });
    await get('/nowhere');
    await app.spans.one('GET');
    await get('/orders/7/');
    await get('/orders/7', { method: 'HEAD' });
    await get('/%');
    expect(sampling()[0]).toMatchObject({ sampledOut: platform === 'express' ? 2 : 1 });
  });

  it("SR1 a parent's decision wins", async () => {
    await start(platform, { rules: [{ route: '/orders/:id', ratio: 0 }] });
    expect((await get('/orders/7', { headers: { traceparent: CALLER } })).flags).toBe(1);
    const root = await app.spans.one('GET /orders/:id');
    expect(root.attributes).not.toHaveProperty('sampling.rule');
    expect(sampling()[0]?.sampledOut).toBe(0);
  });

  it('SR1 unless the rule overrides it', async () => {
    const rules = [
      { route: '/orders/latest', ratio: 1, override: true },
      { route: '/orders/:id', ratio: 0, override: true },
    ];
    await start(platform, { rules });
    const [traceId] = CALLER.slice(3).split('-') as [string];
    const dropped = await get('/orders/7', { headers: { traceparent: CALLER } });
    expect(dropped).toEqual({ traceId, flags: 0 });
    const kept = await get('/orders/latest', { headers: { traceparent: QUIET_CALLER } });
    expect(kept).toEqual({ traceId, flags: 1 });
    const root = await app.spans.one('GET /orders/latest');
    expect(root.parentSpanContext?.spanId).toBe('2'.repeat(16));
  });

  it('SR3 a dropped root drops its children', async () => {
    await start(platform, { rules: [{ route: '/orders/*', ratio: 0 }] });
    const { traceId, flags } = await get('/orders/7');
    expect(flags).toBe(0);
    expect(traceId).toMatch(/^(?!0+$)[\da-f]{32}$/);
    await get('/health');
    await app.spans.one('GET /health');
    expect(app.spans.named('Below.work')).toEqual([]);
    await app.spans.noneOpen();
  });

  it('SR1 a ratio is of trace ids: a larger one keeps what a smaller one keeps', async () => {
    const rules = [
      { route: '/orders/latest', ratio: 0.25, override: true },
      { route: '/orders/:id', ratio: 0.75, override: true },
    ];
    await start(platform, { rules });
    let [few, many] = [0, 0];
    for (let at = 0; at < 200; at += 1) {
      const traceId = (at * 0x147a_e147 + 1).toString(16).slice(-8).padStart(32, 'a');
      const headers = { traceparent: `00-${traceId}-2222222222222222-00` };
      const small = (await get('/orders/latest', { headers })).flags;
      const large = (await get('/orders/7', { headers })).flags;
      expect(large).toBeGreaterThanOrEqual(small);
      few += small;
      many += large;
    }
    expect(few).toBeGreaterThan(20);
    expect(few).toBeLessThan(80);
    expect(many).toBeGreaterThan(120);
    expect(many).toBeLessThan(180);
  });
});

describe('rules by route', () => {
  it('SR2 what middleware answers in place of a route is sampled by that route', async () => {
    @Module({})
    class Answering implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        const answer = (_: unknown, reply: { end(body: string): void }) =>
          reply.end(JSON.stringify(seen()));
        consumer.apply(answer).forRoutes({ path: 'orders/:id', method: RequestMethod.GET });
      }
    }
    app = await HttpApp.start('express', {
      controllers: [OrdersController],
      module: { providers: [Below], imports: [Answering] },
      tracing: {
        http: { outgoing: false },
        sampler: { rules: [{ route: '/orders/:id', ratio: 0 }] },
      },
    });
    expect((await get('/orders/7')).flags).toBe(0);
  });
});
