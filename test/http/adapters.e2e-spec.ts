import { Controller, Get, HttpCode } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { AbstractHttpAdapter } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced, TracingModule } from 'nestjs-tracing';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';
import { OtlpCollector } from '../support/otlp-collector.js';
import { HttpApp, PLATFORMS, newAdapter } from './support/http-app.js';
import type { Platform } from './support/http-app.js';
import { isChild } from './support/kept-spans.js';
import { send } from './support/raw-request.js';

@Controller({ path: 'cats', version: '1' })
class CatsController {
  @Get(':id/toys/:toy')
  @Traced()
  toy(): string {
    return 'mouse';
  }

  @Get('files/*')
  files(): string {
    return 'file';
  }

  @Get('down')
  @HttpCode(503)
  down(): string {
    return 'down';
  }
}

/** An adapter that somebody wrote who did not know of request hooks. */
function adapterWithoutHooks(platform: Platform): AbstractHttpAdapter {
  const adapter = newAdapter(platform);
  const { setOnRequestHook } = AbstractHttpAdapter.prototype;
  return Object.defineProperties(adapter, { setOnRequestHook: { value: setOnRequestHook } });
}

let app: HttpApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe.each(PLATFORMS)('adapters, on %s', (platform) => {
  const tracing = { http: { outgoing: false } };
  const prepare = (nest: INestApplication) => {
    nest.setGlobalPrefix('api');
    nest.enableVersioning();
  };

  it('H1 the route has the global prefix and the version, as it was declared', async () => {
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing, prepare });
    await send(`${app.url}/api/v1/cats/7/toys/mouse`);
    await app.spans.one('GET /api/v1/cats/:id/toys/:toy');
    await send(`${app.url}/api/v1/cats/files/a/b`);
    await app.spans.one('GET /api/v1/cats/files/*');
  });

  it('H1 a 404 below a global prefix has no route', async () => {
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing, prepare });
    expect((await send(`${app.url}/api/v1/no/where`)).status).toBe(404);
    expect((await app.spans.one('GET')).attributes).not.toHaveProperty('http.route');
  });

  it('H1 without a request hook of the adapter spans and routes are there', async () => {
    const adapter = adapterWithoutHooks(platform);
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing, adapter });
    await send(`${app.url}/cats/7/toys/mouse`);
    const server = await app.spans.one('GET /cats/:id/toys/:toy');
    expect(isChild(await app.spans.one('CatsController.toy'), server)).toBe(true);
    expect((await send(`${app.url}/none`)).status).toBe(404);
    expect((await app.spans.one('GET')).attributes).not.toHaveProperty('http.route');
    await app.spans.noneOpen();
  });

  it('H1 hooks that are there already go on being called', async () => {
    const adapter = newAdapter(platform);
    const called: string[] = [];
    adapter.setOnRequestHook((_request: object, _response: object, done: () => void) => {
      called.push('request');
      done();
    });
    adapter.setOnRouteTriggered((_method, path) => called.push(path));
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing, adapter });
    await send(`${app.url}/cats/7/toys/mouse`);
    await app.spans.one('GET /cats/:id/toys/:toy');
    expect(called).toEqual(['request', '/cats/:id/toys/:toy']);
  });

  it('H1 an IPv4 client of a socket for both versions has its plain address', async () => {
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing, host: '::' });
    await send(`${app.url}/cats/7/toys/mouse`);
    const { attributes } = await app.spans.one('GET /cats/:id/toys/:toy');
    expect(attributes).toMatchObject({
      'client.address': '127.0.0.1',
      'network.peer.address': '127.0.0.1',
    });
  });

  it('H1 http: false opens nothing', async () => {
    app = await HttpApp.start(platform, {
      controllers: [CatsController],
      tracing: { http: false },
    });
    await fetch(`${app.url}/cats/7/toys/mouse`);
    expect(app.spans.finished.map((span) => span.name)).toEqual(['CatsController.toy']);
  });

  it('H1 measures http.server.request.duration where metrics are collected', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
    app = await HttpApp.start(platform, {
      controllers: [CatsController],
      tracing: { ...tracing, sdk: { metricReaders: [reader] } },
    });
    await send(`${app.url}/cats/7/toys/mouse`);
    await send(`${app.url}/cats/8/toys/mouse`);
    await send(`${app.url}/cats/down`);
    await app.spans.one('GET /cats/down');
    await reader.forceFlush();
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    const metric = metrics
      .flatMap((scope) => scope.metrics)
      .find(({ descriptor }) => descriptor.name === 'http.server.request.duration');
    expect(metric?.descriptor.unit).toBe('s');
    const points = metric?.dataPoints.map(({ attributes, value }) => ({
      ...attributes,
      count: (value as { count: number }).count,
    }));
    const common = {
      'http.request.method': 'GET',
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
    };
    expect(points).toEqual([
      {
        ...common,
        'http.route': '/cats/:id/toys/:toy',
        'http.response.status_code': 200,
        count: 2,
      },
      {
        ...common,
        'http.route': '/cats/down',
        'http.response.status_code': 503,
        'error.type': '503',
        count: 1,
      },
    ]);
  });

  it('H1 works in a testing module, whose adapter comes late', async () => {
    const moduleRef = await Test.createTestingModule({
      imports: [TracingTestingModule.forRoot()],
      controllers: [CatsController],
    }).compile();
    const nest = moduleRef.createNestApplication(newAdapter(platform));
    await nest.listen(0, '127.0.0.1');
    await send(`${await nest.getUrl()}/cats/7/toys/mouse`);
    const spans = moduleRef.get(SpanRecorder);
    await expect.poll(() => spans.named('GET /cats/:id/toys/:toy').length).toBe(1);
    await nest.close();
  });

  it.runIf(platform === 'fastify')('H1 requests that Fastify injects have spans too', async () => {
    app = await HttpApp.start(platform, { controllers: [CatsController], tracing });
    const nest = app.app as NestFastifyApplication;
    const answer = await nest.inject('/cats/7/toys/mouse');
    expect(answer.statusCode).toBe(200);
    const server = await app.spans.one('GET /cats/:id/toys/:toy');
    expect(server.attributes['http.response.status_code']).toBe(200);
    expect(server.attributes).not.toHaveProperty('error.type');
  });

  it('H5 the export over HTTP is no request of the application: it has no spans', async () => {
    const collector = await OtlpCollector.start();
    app = await HttpApp.start(platform, {
      controllers: [CatsController],
      tracing: {
        exporter: 'otlp-http',
        endpoint: collector.httpUrl,
        batch: { scheduleDelayMillis: 20 },
      },
    });
    await fetch(`${app.url}/cats/7/toys/mouse`);
    await expect.poll(() => collector.spans.length, { timeout: 5000 }).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const names = ['CatsController.toy', 'GET', 'GET /cats/:id/toys/:toy'];
    expect(app.spans.finished.map(({ name }) => name).sort()).toEqual(names);
    expect(collector.names.toSorted()).toEqual(names);
    await app.close();
    app = undefined;
    await collector.close();
  });

  it('E11 options that cannot be used are named, with the cure', () => {
    const start = (http: unknown) => () =>
      TracingModule.forRoot({ http: http as boolean, strict: true });
    expect(start('yes')).toThrow('http: write true, false, or an object of options');
    expect(start({ incomming: true })).toThrow(
      'http.incomming: there is no such option; did you mean "incoming"?',
    );
    expect(start({ incoming: { trust: 'some' } })).toThrow(
      'http.incoming.trust: write "all", "none", or a function of the request',
    );
    expect(start({ outgoing: { propagateTo: 7 } })).toThrow(
      'http.outgoing.propagateTo: write "all"',
    );
    expect(start({ incoming: { ignore: ['/a', /b/], redactQuery: ['x'] } })).not.toThrow();
  });
});
