import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { trace } from '@opentelemetry/api';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithService, findRabbitMq } from '../../support/services.js';
import { eventually } from '../../support/eventually.js';
import { ClientApp } from './support/client-app.js';
import { Peer } from './support/peer.js';
import type { Arrival } from './support/peer.js';
import { TRANSPORTS } from './support/transports.js';

const RABBITMQ = TRANSPORTS.find(({ name }) => name === 'RabbitMQ')!;

describeWithService(await findRabbitMq(), 'beside instrumentation-amqplib', () => {
  const instrumentation = new AmqplibInstrumentation();
  let peer: Peer;
  let app: ClientApp;

  beforeAll(async () => {
    instrumentation.enable();
    // Loaded now, by whoever asks for it first, and so with its wrappers.
    createRequire(import.meta.url)('amqplib');
    peer = await Peer.start(RABBITMQ);
    app = await ClientApp.start({ client: peer.connection.client });
    instrumentation.setTracerProvider(trace.getTracerProvider());
    await app.client.connect();
  });

  afterAll(async () => {
    await app.close();
    await peer.close();
    instrumentation.disable();
  });

  it('M25 a message has one span, ours, which the other side hears of, and that is said once', async () => {
    const pattern = peer.pattern('echo');
    const arrival = await app.request('caller', () =>
      firstValueFrom(app.client.send<Arrival>(pattern, 1)),
    );
    const span = await app.spans.one(pattern);
    expect(arrival.carried['traceparent']).toContain(span.spanContext().spanId);
    await lastValueFrom(app.client.emit(peer.pattern('event'), 1), { defaultValue: 0 });
    await app.spans.one(`publish ${peer.pattern('event')}`);
    await eventually(() => expect(peer.events).toHaveLength(1));
    // The reply of the peer, which has no tracing of its own, goes elsewhere.
    const { queue } = (peer.connection.client as unknown as { options: { queue: string } }).options;
    const theirs = app.spans.finished
      .filter(({ name }) => name.startsWith('publish <'))
      .map(({ attributes }) => Object.values(attributes));
    expect(theirs.filter((values) => values.includes(queue))).toEqual([]);
    const said = app.logger.lines.filter((line) => line.includes('instrumentation of amqplib'));
    expect(said).toHaveLength(1);
  });

  it('M25 its spans of other messages stay', async () => {
    const { connect } = createRequire(import.meta.url)('amqplib') as typeof import('amqplib');
    const connection = await connect('amqp://guest:guest@127.0.0.1:5672');
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue(randomUUID(), { exclusive: true });
    channel.sendToQueue(queue, Buffer.from('bare'));
    await channel.waitForConfirms();
    await eventually(() => {
      expect(app.spans.finished.map(({ name }) => name)).toContain('publish <default>');
    });
    await connection.close();
  });
});
