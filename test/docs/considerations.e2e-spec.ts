import { channel } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import http from 'node:http';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { AbstractHttpAdapter, NestApplication } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { trace } from '@opentelemetry/api';
import { Observable } from 'rxjs';
import { DataSource, EntityManager, Repository, SelectQueryBuilder } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';
import { TracingTestingModule } from 'nestjs-tracing/testing';
import { pageAt } from './support/pages.js';
import { codeIn, tableRows } from './support/table-rows.js';

const rows = tableRows(pageAt('docs/considerations.md'));

/** What the page says that is changed of something. */
function changedOf(what: string): string[] {
  const row = rows.find(({ cells }) => cells[0]?.startsWith(what));
  if (row === undefined) throw new Error(`The page says nothing of "${what}".`);
  return codeIn(row.cells.at(-1) ?? '').toSorted();
}

/** Those of its class's methods that an object has as its own, or on a prototype before its class. */
function shadowed(target: object): string[] {
  const above = Object.getPrototypeOf(target) as object;
  const { prototype } = target.constructor as { prototype: Record<string, unknown> };
  const between = above === prototype ? [] : Object.getOwnPropertyNames(above);
  return [...Object.getOwnPropertyNames(target), ...between]
    .filter((name) => name !== 'constructor' && typeof prototype[name] === 'function')
    .toSorted();
}

interface Exchange {
  readonly request: object;
  readonly response: object;
}

@Controller()
class ProbeController {
  seen: Exchange | undefined;

  @Get('probe')
  probe(@Req() request: object, @Res() response: http.ServerResponse): void {
    this.seen = { request, response };
    response.end('seen');
  }
}

const LIBRARY_CLASSES = [
  http.Server,
  http.IncomingMessage,
  http.ServerResponse,
  http.ClientRequest,
  EventEmitter,
  Promise,
  AbortSignal,
  AbstractHttpAdapter,
  ExpressAdapter,
  NestApplication,
  Observable,
  DataSource,
  EntityManager,
  Repository,
  SelectQueryBuilder,
];

/** Every own property of the classes, of their prototypes, and of what modules export. */
function snapshot(): PropertyDescriptorMap[] {
  const targets = LIBRARY_CLASSES.flatMap((each) => [each, each.prototype as object]);
  return [...targets, http, globalThis.Response].map((target) =>
    Object.getOwnPropertyDescriptors(target),
  );
}

describe('docs/considerations.md, what is changed at run time', () => {
  const before = snapshot();
  const globalFetch = globalThis.fetch;
  let app: INestApplication;
  let exchange: Exchange;
  let dataSource: DataSource;

  beforeAll(async () => {
    const moduleRef = await Test.createTestingModule({
      imports: [TracingTestingModule.forRoot(), TracedTypeOrmModule.forRoot({ type: 'sqljs' })],
      controllers: [ProbeController],
    }).compile();
    app = moduleRef.createNestApplication();
    await app.listen(0);
    await (await fetch(`${await app.getUrl()}/probe`)).text();
    const request = http.get(`${await app.getUrl()}/probe`);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(response.resume(), 'end');
    exchange = app.get(ProbeController).seen as Exchange;
    dataSource = app.get(DataSource);
    await dataSource.transaction((manager) => manager.query('SELECT 1'));
  });
  afterAll(() => app.close());

  it('is no prototype, class or export of a library', () => {
    const after = snapshot();
    before.forEach((descriptors, index) => expect(after[index]).toEqual(descriptors));
    expect(globalThis.fetch).toBe(globalFetch);
  });

  it('is of a request and its response what the page says', () => {
    expect(shadowed(exchange.request)).toEqual(changedOf('each request that comes in'));
    expect(shadowed(exchange.response)).toEqual(changedOf('each request that comes in'));
  });

  it('is of the adapter and of handlers what the page says', () => {
    expect(shadowed(app.getHttpAdapter())).toEqual(changedOf("Nest's adapter of Express"));
    const handler = Object.getOwnPropertyDescriptor(ProbeController.prototype, 'probe')
      ?.value as object;
    expect(Reflect.getMetadata('__exceptionFilters__', handler)).toHaveLength(1);
  });

  it('is of the channels that announce requests what the page says', () => {
    for (const name of ['http.client.request.created', 'undici:request:create']) {
      expect(shadowed(channel(name))).toEqual(changedOf('two diagnostics channels'));
    }
  });

  it('is of TypeORM what the page says', async () => {
    const runner = dataSource.createQueryRunner();
    expect(shadowed(dataSource)).toEqual(changedOf('the DataSource'));
    expect(shadowed(dataSource.driver)).toEqual(
      changedOf('its driver').filter((name) => name in dataSource.driver),
    );
    expect(shadowed(dataSource.manager)).toEqual(
      changedOf('each entity manager').filter((name) => name !== 'entityOperations'),
    );
    expect(shadowed(runner)).toEqual(changedOf('each query runner'));
  });
});

describe('docs/considerations.md, what is changed of OpenTelemetry', () => {
  it('is what the page says, and only while the module runs', async () => {
    const moduleRef = await Test.createTestingModule({
      imports: [TracingModule.forRoot({ exporter: 'none', http: false })],
    }).compile();
    await moduleRef.init();
    expect(shadowed(trace)).toEqual(changedOf("OpenTelemetry's `trace`"));
    await moduleRef.close();
    expect(shadowed(trace)).toEqual([]);
  });
});
