import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import type { TypeOrmTracingOptions } from 'nestjs-tracing/typeorm';
import { expect, it } from 'vitest';
import { describeWithService, findMariaDb } from '../support/services.js';
import { useBattery } from './support/battery.js';
import { connect, mariaDbEngine } from './support/engine.js';
import { Customer } from './support/entities.js';
import { inSpan } from './support/storm.js';

const ROWS = 'SELECT seq FROM seq_1_to_500';

describeWithService(await findMariaDb(), 'Streams of MariaDB', () => {
  const battery = useBattery(mariaDbEngine);

  async function started(tracing?: TypeOrmTracingOptions): Promise<DataSource> {
    const dataSource = await connect(battery.engine, tracing);
    battery.spans.reset();
    return dataSource;
  }

  async function streamOf(dataSource: DataSource, text = ROWS): Promise<Readable> {
    const runner = dataSource.createQueryRunner();
    const release = () => void runner.release();
    return runner.stream(text, [], release, release) as Promise<Readable>;
  }

  it('B5 ends with the stream, not before, with the rows if they are asked for', async () => {
    const dataSource = await started({ returnedRows: true });
    await inSpan('request', async () => {
      const stream = await streamOf(dataSource);
      expect(battery.spans.named('SELECT seq_1_to_500')).toEqual([]);
      let rows = 0;
      for await (const _ of stream) rows += 1;
      expect(rows).toBe(500);
    });
    await dataSource.destroy();
    const span = battery.spans.one('SELECT seq_1_to_500');
    expect(battery.spans.tree()).toBe('request\n  SELECT seq_1_to_500');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.attributes).toMatchObject({
      'db.system.name': 'mariadb',
      'db.response.returned_rows': 500,
    });
  });

  it('B5 has no rows unless they are asked for, and ends for listeners too', async () => {
    const dataSource = await started();
    const stream = await streamOf(dataSource);
    await once(stream.resume(), 'end');
    await dataSource.destroy();
    expect(battery.spans.one('SELECT seq_1_to_500').attributes).not.toHaveProperty(
      'db.response.returned_rows',
    );
  });

  it('B5 ends with the error of the stream', async () => {
    const dataSource = await started();
    const stream = await streamOf(dataSource, 'SELECT * FROM missing');
    await expect(once(stream.resume(), 'end')).rejects.toThrow("doesn't exist");
    await dataSource.destroy();
    const { attributes, status } = battery.spans.one('SELECT missing');
    expect(status.code).toBe(SpanStatusCode.ERROR);
    expect(attributes['error.type']).toBe('1146');
  });

  it('B5 ends without an error when its reader breaks off', async () => {
    const dataSource = await started();
    const runner = dataSource.createQueryRunner();
    const stream = (await runner.stream(ROWS)) as Readable;
    for await (const _ of stream) break;
    await setTimeout(5);
    expect(battery.spans.one('SELECT seq_1_to_500').status.code).toBe(SpanStatusCode.UNSET);
    await runner.release();
    await dataSource.destroy();
  });

  it('B5 ends when it is destroyed, with its error if there is one', async () => {
    const dataSource = await started();
    for (const reason of [undefined, new Error('enough')]) {
      const runner = dataSource.createQueryRunner();
      const stream = (await runner.stream(ROWS)) as Readable;
      stream.on('error', () => undefined);
      stream.destroy(reason);
      await setTimeout(5);
      await runner.release();
    }
    await dataSource.destroy();
    const codes = battery.spans.named('SELECT seq_1_to_500').map((span) => span.status.code);
    expect(codes).toEqual([SpanStatusCode.UNSET, SpanStatusCode.ERROR]);
  });

  it("B5 runs the handlers in the caller's context, on a socket that another one opened", async () => {
    const dataSource = await started();
    await inSpan('opener', () => dataSource.query('SELECT 1'));
    await inSpan('request', async (request) => {
      const found: unknown[] = [];
      const runner = dataSource.createQueryRunner();
      const seen = () => void found.push(trace.getActiveSpan());
      const stream = (await runner.stream(ROWS, [], seen)) as Readable;
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
    expect(battery.spans.tree()).toBe('SELECT `customer`\nSELECT');
  });

  it('B5 has a span that fails if the stream is refused', async () => {
    const dataSource = await started();
    await dataSource.destroy();
    await expect(dataSource.createQueryRunner().stream(ROWS)).rejects.toThrow();
    expect(battery.spans.one('SELECT seq_1_to_500').status.code).toBe(SpanStatusCode.ERROR);
  });
});
