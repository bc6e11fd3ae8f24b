import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import {
  Controller,
  Get,
  Injectable,
  Module,
  Param,
  RequestMethod,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import type {
  INestApplication,
  MiddlewareConsumer,
  NestMiddleware,
  NestModule,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import type { HttpAppOptions, Platform } from './support/http-app.js';
import { send } from './support/raw-request.js';

/** What is used of Express, which has no types here. */
interface Router {
  get(path: unknown, handler: (request: object, reply: NodeReply) => void): void;
  use(path: string, handler: unknown): void;
}
const { Router: newRouter } = createRequire(import.meta.url)('express') as {
  Router: (options?: object) => Router;
};

interface NodeReply {
  statusCode: number;
  end(body: string): void;
}

@Injectable()
class Passing implements NestMiddleware {
  use(_: unknown, __: unknown, next: () => void): void {
    next();
  }
}

@Injectable()
class Refusing implements NestMiddleware {
  use(_: unknown, reply: NodeReply): void {
    reply.statusCode = 401;
    reply.end('refused');
  }
}

@Controller('cats')
class CatsController {
  @Get(':id')
  find(@Param('id') id: string): string {
    return id;
  }
}

@Controller({ path: 'admin', host: 'admin.example.com' })
class AdminController {
  @Get()
  index(): string {
    return 'admin';
  }
}

const tracing = { http: { outgoing: false } };

describe.each(PLATFORMS)('routes, on %s', (platform: Platform) => {
  let app: HttpApp;
  const start = async (options: HttpAppOptions = {}) => {
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing, ...options });
  };
  const spanOf = async (path: string, host = '127.0.0.1') => {
    app.spans.reset();
    const { status } = await send(`${app.url}${path}`, { headers: { host } });
    await app.spans.noneOpen();
    await expect.poll(() => app.spans.finished.length).toBe(1);
    const [span] = app.spans.finished;
    return { status, name: span?.name, route: span?.attributes['http.route'] };
  };
  afterEach(() => app.close());

  it('H9 a middleware names no request, whether it lets it pass or answers it', async () => {
    @Module({})
    class Guarding implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(Passing).forRoutes('{*splat}');
        consumer.apply(Passing).forRoutes({ path: 'dogs/*rest', method: RequestMethod.GET });
        consumer
          .apply(Refusing)
          .forRoutes('birds/*rest', { path: 'fish/:id', method: RequestMethod.GET });
      }
    }
    await start({ module: { imports: [Guarding] } });
    const none = { name: 'GET', route: undefined };
    expect(await spanOf('/wp-login.php')).toEqual({ status: 404, ...none });
    expect(await spanOf('/dogs/7')).toEqual({ status: 404, ...none });
    expect(await spanOf('/birds/7')).toEqual({ status: 401, ...none });
    expect(await spanOf('/fish/7')).toEqual({ status: 401, ...none });
    expect(await spanOf('/cats/7')).toEqual({
      status: 200,
      name: 'GET /cats/:id',
      route: '/cats/:id',
    });
  });

  it('H9 a route of another host does not name the 404', async () => {
    await start({ controllers: [AdminController] });
    expect(await spanOf('/admin', 'admin.example.com')).toEqual({
      status: 200,
      name: 'GET /admin',
      route: '/admin',
    });
    expect(await spanOf('/admin', 'www.example.com')).toEqual({
      status: 404,
      name: 'GET',
      route: undefined,
    });
  });

  it('H9 a URL that cannot be decoded, or is refused for its length, has a SERVER span', async () => {
    await start();
    const { status } = await spanOf('/a/%E0%A4%A');
    expect(status).toBe(platform === 'fastify' ? 400 : 404);
    expect(app.spans.finished[0]?.attributes).toMatchObject({
      'http.response.status_code': status,
      'http.request.method': 'GET',
      'url.path': '/a/%E0%A4%A',
      'client.address': '127.0.0.1',
    });
    const bad = await spanOf('/cats/%E0%A4%A');
    expect(bad.status).toBe(400);
    expect(['GET', 'GET /cats/:id']).toContain(bad.name);
    const long = await spanOf(`/cats/${'x'.repeat(200)}`);
    expect(long.status).toBe(platform === 'fastify' ? 414 : 200);
    expect((await spanOf('/cats/a%20b')).name).toBe('GET /cats/:id');
  });
});

function expressRoutes(nest: INestApplication): void {
  const ok = (_: object, reply: NodeReply): void => reply.end('ok');
  const shop = newRouter({ mergeParams: true });
  shop.get('/orders/:id', ok);
  shop.get('/broken/:id', () => {
    throw new Error('broken');
  });
  const inner = newRouter();
  inner.get(['/a/:x', '/b/:y'], ok);
  inner.get(/^\/v(\d+)$/, ok);
  inner.get('/', ok);
  shop.use('/deep/:level', inner);
  const app = nest as NestExpressApplication;
  app.use('/tenants/:tenant', shop);
  app.use('/graphql', ok);
  app.use('/passing', (_: object, __: object, next: () => void) => next());
  (app.getHttpAdapter().getInstance() as Router).get('/plain/:id', ok);
}

describe('routes of Express itself', () => {
  let app: HttpApp;
  const nameOf = async (path: string, method = 'GET') => {
    app.spans.reset();
    await send(`${app.url}${path}`, { method });
    await expect.poll(() => app.spans.finished.length).toBe(1);
    return app.spans.finished[0]?.name;
  };
  afterEach(() => app.close());

  it.each([
    ['/tenants/acme/orders/7', 'GET /tenants/:tenant/orders/:id'],
    ['/tenants/tenants/orders/orders', 'GET /tenants/:tenant/orders/:id'],
    ['/tenants/acme/broken/7', 'GET /tenants/:tenant/broken/:id'],
    ['/tenants/acme/deep/3/a/1', 'GET /tenants/:tenant/deep/:level/a/:x'],
    ['/tenants/acme/deep/3/b/1', 'GET /tenants/:tenant/deep/:level/b/:y'],
    ['/tenants/acme/deep/3', 'GET /tenants/:tenant/deep/:level'],
    ['/tenants/acme/deep/3/v12', String.raw`GET /tenants/:tenant/deep/:level/^\/v(\d+)$/`],
    ['/tenants/acme/nothing', 'GET'],
    ['/graphql', 'GET /graphql'],
    ['/graphql/deeper', 'GET /graphql'],
    ['/passing/by', 'GET'],
    ['/plain/7', 'GET /plain/:id'],
    ['/PLAIN/7?a=/b', 'GET /plain/:id'],
    ['/cats/7', 'GET /cats/:id'],
  ])('H9 %s is named %s', async (path, name) => {
    app = await HttpApp.start('express', {
      controllers: [CatsController],
      tracing,
      prepare: expressRoutes,
    });
    expect(await nameOf(path)).toBe(name);
  });
});

@Controller({ path: 'orders', version: ['1', VERSION_NEUTRAL] })
class OrdersController {
  @Get()
  list(): string {
    return 'list';
  }

  @Get(':id/items/:item')
  item(): string {
    return 'item';
  }
}

@Module({})
class Everywhere implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(Passing).forRoutes('{*splat}');
    consumer.apply(Passing).forRoutes(OrdersController);
    consumer.apply(Refusing).forRoutes('secret/*rest');
  }
}

/** A small generator, so that a failure can be had again. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const WORDS = (
  'api,v1,v2,orders,cats,tenants,acme,items,graphql,secret,admin,wp-login.php,.env,..,%2e%2e,%E0%A4%A,' +
  '*,:id,{x},%00,a%20b,;x=1,xxxxxxxxxxxxxxxxxxxx,7,42,passing,deep,a,%C3%A9'
).split(',');
/** Paths that some route takes, so that names are made at all. */
const REAL = (
  '/api/cats/1,/api/cats/x,/api/admin,/api/orders,/api/v1/orders,/api/orders/7/items/2,' +
  '/api/v1/orders/7/items/2,/tenants/acme/orders/7,/tenants/x/deep/3/a/1,/tenants/x/deep/3/b/1,' +
  '/tenants/y/broken/9,/graphql/x,/plain/7,/api/secret/7,/API/CATS/1'
).split(',');
const NEST_ROUTES = (
  '/api/cats/:id,/api/admin,/api/orders,/api/v1/orders,' +
  '/api/orders/:id/items/:item,/api/v1/orders/:id/items/:item'
).split(',');
const EXPRESS_ROUTES = (
  '/tenants/:tenant/orders/:id,/tenants/:tenant/deep/:level/a/:x,/tenants/:tenant/deep/:level/b/:y,' +
  '/tenants/:tenant/broken/:id,/tenants/:tenant,/tenants/:tenant/deep/:level,/graphql,/plain/:id'
).split(',');
const METHODS = 'GET,GET,GET,POST,PUT,DELETE,PATCH,HEAD,OPTIONS,PROPFIND'.split(',');
const HOSTS = 'localhost,admin.example.com,www.example.com,10.0.0.1:80,[::1],x'.split(',');

describe.each(PLATFORMS)('a scan, on %s', (platform: Platform) => {
  let app: HttpApp;
  afterEach(() => app.close());

  it('H9 of 10,000 random paths, methods and hosts makes no more names than there are routes', async () => {
    app = await HttpApp.start(platform, {
      controllers: [CatsController, AdminController, OrdersController],
      module: { imports: [Everywhere] },
      tracing,
      prepare: (nest) => {
        nest.setGlobalPrefix('api');
        nest.enableVersioning();
        if (platform === 'express') expressRoutes(nest);
      },
    });
    const random = seeded(11);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
    const scan = Array.from({ length: 10_000 }, () => {
      const path = Array.from({ length: random(6) }, () => pick(WORDS)).join('/');
      const query = random(4) === 0 ? `?${pick(WORDS)}=${pick(WORDS)}` : '';
      const target = random(3) === 0 ? pick(REAL) : `/${path}`;
      return { path: `${target}${query}`, method: pick(METHODS), host: pick(HOSTS) };
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    for (let from = 0; from < scan.length; from += 500) {
      await Promise.all(
        scan
          .slice(from, from + 500)
          .map(({ path, method, host }) =>
            send(app.url, { path, method, headers: { host }, agent }),
          ),
      );
    }
    agent.destroy();
    await app.spans.noneOpen();
    const names = new Set(app.spans.finished.map(({ name }) => name));
    const routes = new Set([...names].map((name) => name.split(' ')[1] ?? ''));
    const methods = new Set([...names].map((name) => name.split(' ')[0]));
    expect(app.spans.finished).toHaveLength(10_000);
    const known = [...NEST_ROUTES, ...(platform === 'express' ? EXPRESS_ROUTES : [])];
    expect(routes).toEqual(new Set(['', ...known]));
    expect(methods).toEqual(new Set('DELETE,GET,HEAD,HTTP,OPTIONS,PATCH,POST,PUT'.split(',')));
  }, 60_000);
});
