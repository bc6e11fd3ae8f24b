import 'reflect-metadata';
import { Metadata } from '@grpc/grpc-js';
import { headers as natsHeaders } from '@nats-io/transport-node';
import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import { KafkaParser } from '@nestjs/microservices/helpers/kafka-parser.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { W3cPropagator } from '../../propagation/w3c-propagator.js';
import { MESSAGE_CARRIER } from './read-carrier.js';
import { fieldsFor } from './write-carrier.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const propagator = new W3cPropagator();

beforeAll(() => {
  propagation.setGlobalPropagator(propagator);
});

afterAll(() => {
  propagation.disable();
});

function read(carrier: unknown) {
  const ctx = propagator.extract(ROOT_CONTEXT, carrier, MESSAGE_CARRIER);
  return {
    traceId: trace.getSpanContext(ctx)?.traceId,
    user: propagation.getBaggage(ctx)?.getEntry('user')?.value,
  };
}

function nats(...entries: readonly (readonly [string, string])[]) {
  const made = natsHeaders();
  for (const [name, value] of entries) made.append(name, value);
  return made;
}

function grpc(name: string, value: string): Metadata {
  const made = new Metadata();
  made.set(name, value);
  return made;
}

const CARRIERS = {
  'text of AMQP': { traceparent: PARENT, baggage: 'user=ada' },
  'bytes of Kafka': {
    traceparent: Buffer.from(PARENT),
    baggage: new TextEncoder().encode('user=ada'),
  },
  'a list of bytes': {
    traceparent: [Buffer.from(PARENT)],
    baggage: ['a=b', Buffer.from('user=ada')],
  },
  'what KafkaParser makes of them': new KafkaParser().parse({
    headers: { traceparent: Buffer.from(PARENT), baggage: Buffer.from('user=ada') },
  }).headers,
  'headers of NATS': nats(['traceparent', PARENT], ['baggage', 'user=ada']),
  "headers as Go's HTTP writes them": nats(['Traceparent', PARENT], ['Baggage', 'user=ada']),
  'user properties without a prototype': Object.assign(Object.create(null), {
    traceparent: PARENT,
    baggage: ['user=ada'],
  }),
};

const MALFORMED = {
  nothing: undefined,
  'a text': PARENT,
  'two parents': { traceparent: [PARENT, PARENT] },
  'two parents of NATS': nats(['traceparent', PARENT], ['traceparent', PARENT]),
  'a leading zero byte': { traceparent: Buffer.concat([Buffer.from([0]), Buffer.from(PARENT)]) },
  'JSON that KafkaParser has decoded': new KafkaParser().parse({
    headers: { traceparent: Buffer.from(`{"traceparent":"${PARENT}"}`) },
  }).headers,
  'a number': { traceparent: 1 },
  'a name of the prototype': Object.create({ traceparent: PARENT }) as object,
  megabytes: { traceparent: Buffer.alloc(1 << 20, '0'), baggage: 'x'.repeat(1 << 20) },
  'a list of a million': { baggage: Array.from({ length: 1_000_000 }, () => 'user') },
};

describe('reading a carrier', () => {
  it.each(Object.entries(CARRIERS))('M13 takes %s', (_, carrier) => {
    expect(read(carrier)).toEqual({ traceId: TRACE, user: 'ada' });
  });

  it('M13 takes metadata of gRPC', () => {
    expect(read(grpc('traceparent', PARENT)).traceId).toBe(TRACE);
    expect(MESSAGE_CARRIER.keys(grpc('traceparent', PARENT))).toEqual(['traceparent']);
  });

  it.each(Object.entries(MALFORMED))(
    "M13 takes no parent from %s, by W3C's rules",
    (_, carrier) => {
      expect(read(carrier)).toEqual({ traceId: undefined, user: undefined });
    },
  );

  it('M13 prefers the name as it is written', () => {
    const other = PARENT.replace(TRACE, '1'.repeat(32));
    expect(read({ Traceparent: other, traceparent: PARENT }).traceId).toBe(TRACE);
  });
});

describe('writing a carrier', () => {
  const span = { traceId: TRACE, spanId: '00f067aa0ba902b7', traceFlags: 1 };
  const baggage = propagation.createBaggage({ user: { value: 'ada' } });
  const ctx = propagation.setBaggage(trace.setSpanContext(ROOT_CONTEXT, span), baggage);

  it('M10 holds trace and baggage', () => {
    expect(fieldsFor(ctx)).toEqual({ traceparent: PARENT, baggage: 'user=ada' });
    expect(fieldsFor(ROOT_CONTEXT)).toBeUndefined();
  });

  it.each([[{ Traceparent: 'mine' }], [{ tracestate: 'a=b' }], [nats(['traceparent', 'mine'])]])(
    'M12 leaves a trace of the user alone: %j',
    (given) => {
      expect(fieldsFor(ctx, given)).toEqual({ baggage: 'user=ada' });
    },
  );

  it('M12 leaves baggage of the user alone', () => {
    expect(fieldsFor(ctx, { BAGGAGE: 'mine' })).toEqual({ traceparent: PARENT });
    expect(fieldsFor(ctx, { baggage: 'mine', traceparent: 'mine' })).toBeUndefined();
  });
});
