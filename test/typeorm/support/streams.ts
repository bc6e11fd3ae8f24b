import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { TypeOrmTracingOptions } from 'nestjs-tracing/typeorm';
import type { DataSource } from 'typeorm';
import { expect, it } from 'vitest';
import type { Battery } from './battery.js';
import { connect } from './engine.js';
import { Customer } from './entities.js';
import { inSpan } from './storm.js';
import { untilClosed } from './until-closed.js';

/** How many rows a stream has. */
const ROWS = 500;

/** What a server makes rows of, and how it says that it cannot. */
export interface StreamDialect {
  readonly systemName: string;
  /** A statement of 500 rows, and the name of its span. */
  readonly rows: string;
  readonly name: string;
  /** A statement that fails, at once or after some rows, with the name and the error of its span. */
  readonly failing: string;
  readonly failingName: string;
  readonly code: string;
  /** The name of a span that reads customers. */
  readonly customers: (engine: Battery['engine']) => string;
}

/** The tests that every driver with streams passes. */
export function itTracesStreams(battery: Battery, dialect: StreamDialect): void {
  const { rows, name } = dialect;

  async function started(tracing?: TypeOrmTracingOptions): Promise<DataSource> {
    const dataSource = await connect(battery.engine, tracing);
    battery.spans.reset();
    return dataSource;
  }

  async function streamOf(dataSource: DataSource, text = rows): Promise<Readable> {
    const runner = dataSource.createQueryRunner();
    const release = () => void runner.release();
    return runner.stream(text, [], release, release) as Promise<Readable>;
  }

  it('B5 ends with the stream, not before, with the rows if they are asked for', async () => {
    const dataSource = await started({ returnedRows: true });
    await inSpan('request', async () => {
      const stream = await streamOf(dataSource);
      expect(battery.spans.named(name)).toEqual([]);
      let read = 0;
      for await (const _ of stream) read += 1;
      expect(read).toBe(ROWS);
    });
    await dataSource.destroy();
    const span = battery.spans.one(name);
    expect(battery.spans.tree()).toBe(`request\n  ${name}`);
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.attributes).toMatchObject({
      'db.system.name': dialect.systemName,
      'db.response.returned_rows': ROWS,
    });
  });

  it('B5 has no rows unless they are asked for, and ends for listeners too', async () => {
    const dataSource = await started();
    const stream = await streamOf(dataSource);
    await once(stream.resume(), 'end');
    await dataSource.destroy();
    expect(battery.spans.one(name).attributes).not.toHaveProperty('db.response.returned_rows');
  });

  it('B5 ends with the error of the stream', async () => {
    const dataSource = await started();
    const stream = await streamOf(dataSource, dialect.failing);
    await expect(once(stream.resume(), 'end')).rejects.toThrow();
    await dataSource.destroy();
    const { attributes, status } = battery.spans.one(dialect.failingName);
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(attributes['error.type']).toBe(dialect.code);
  });

  it('B5 ends without an error when its reader breaks off', async () => {
    const dataSource = await started();
    const runner = dataSource.createQueryRunner();
    const stream = (await runner.stream(rows)) as Readable;
    for await (const _ of stream) break;
    await untilClosed(stream);
    expect(battery.spans.one(name).status.code).toBe(SpanStatusCode.UNSET);
    await runner.release();
    await dataSource.destroy();
  });

  it('B5 ends when it is destroyed, with its error if there is one', async () => {
    const dataSource = await started();
    for (const reason of [undefined, new Error('enough')]) {
      const runner = dataSource.createQueryRunner();
      const stream = (await runner.stream(rows)) as Readable;
      stream.on('error', () => undefined);
      stream.destroy(reason);
      await untilClosed(stream);
      await runner.release();
    }
    await dataSource.destroy();
    const codes = battery.spans.named(name).map((span) => span.status.code);
    expect(codes).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR]);
  });

  it("B5 runs the handlers in the caller's context, on a socket that another one opened", async () => {
    const dataSource = await started();
    await inSpan('opener', () => dataSource.query('SELECT 1'));
    await inSpan('request', async (request) => {
      const found: unknown[] = [];
      const runner = dataSource.createQueryRunner();
      const seen = () => void found.push(trace.getActiveSpan());
      const stream = (await runner.stream(rows, [], seen)) as Readable;
      stream.once('data', seen).on('end', seen);
      await once(stream, 'end');
      expect(new Set(found)).toEqual(new Set([request]));
      expect(found).toHaveLength(3);
      await runner.release();
    });
    await dataSource.destroy();
  });

  it('B5 traces the stream of a query builder, whose connection comes back at its end', async () => {
    const dataSource = await connect(battery.engine, {}, { poolSize: 1 });
    battery.spans.reset();
    const stream = await dataSource.getRepository(Customer).createQueryBuilder('c').stream();
    for await (const _ of stream as unknown as Readable) continue;
    await dataSource.query('SELECT 1');
    await dataSource.destroy();
    expect(battery.spans.tree()).toBe(`${dialect.customers(battery.engine)}\nSELECT`);
  });

  it('B5 has a span that fails if the stream is refused', async () => {
    const dataSource = await started();
    await dataSource.destroy();
    await expect(dataSource.createQueryRunner().stream(rows)).rejects.toThrow();
    expect(battery.spans.one(name).status.code).toBe(SpanStatusCode.ERROR);
  });
}
