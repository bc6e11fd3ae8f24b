import { Controller, Logger, NotFoundException } from '@nestjs/common';
import { MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { firstValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tracedClient } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { startRpcApp } from '../incoming/support/rpc-app.js';
import type { RpcApp } from '../incoming/support/rpc-app.js';
import { tcp } from '../incoming/support/transports.js';

const spans = recordSpans();

const THROWN: Readonly<Record<string, unknown>> = {
  'an exception that nobody expects': new RangeError('secret'),
  'an HTTP exception': new NotFoundException('no order'),
  'an RpcException with a text': new RpcException('sold out'),
  'an RpcException with a code': new RpcException({ code: 'NO_STOCK', message: 'sold out' }),
  'a code that is a number': new RpcException({ code: 1042, message: 'sold out' }),
  'what an HTTP exception answers': new RpcException(
    new NotFoundException('no order').getResponse(),
  ),
  'a status that is a number': new RpcException({ status: 409, error: 'in the meantime' }),
  'a status that is a name': new RpcException({ status: 'NOT_FOUND', message: 'no order' }),
  'the name of an error': new RpcException({ name: 'StockError', message: 'sold out' }),
  'a free text for a name': new RpcException({ code: 'no order 42 of Ada', error: 'order 42!' }),
  'a code that is too long': new RpcException({ code: 'A'.repeat(65) }),
  'nothing that is known': new RpcException({ reason: 'sold out' }),
};

@Controller()
class Failing {
  @MessagePattern('fail')
  fail(@Payload() what: string): never {
    throw THROWN[what];
  }
}

let rpc: RpcApp;

beforeAll(async () => {
  Logger.overrideLogger(false);
  rpc = await startRpcApp(tcp, {
    controllers: [Failing],
    tracing: { microservices: { incoming: false } },
  });
  tracedClient(rpc.client);
});

afterEach(() => spans.reset());

afterAll(async () => {
  await rpc.close();
  await spans.stop();
});

describe('M20 error.type of a request that failed', () => {
  it.each([
    ['an exception that nobody expects', '_OTHER'],
    ['an HTTP exception', '_OTHER'],
    ['an RpcException with a text', '_OTHER'],
    ['an RpcException with a code', 'NO_STOCK'],
    ['a code that is a number', '1042'],
    ['what an HTTP exception answers', '404'],
    ['a status that is a number', '409'],
    ['a status that is a name', 'NOT_FOUND'],
    ['the name of an error', 'StockError'],
    ['a free text for a name', '_OTHER'],
    ['a code that is too long', '_OTHER'],
    ['nothing that is known', '_OTHER'],
  ])('is what the reply says, with %s', async (what, type) => {
    await expect(firstValueFrom(rpc.client.send('fail', what))).rejects.toBeDefined();
    const span = spans.one('fail');
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.status.code).toBe(SpanStatusCode.ERROR);
    expect(span.attributes['error.type']).toBe(type);
    expect(span.events).toHaveLength(1);
  });

  it('is _OTHER where nobody is there for the pattern, which Nest says in a text', async () => {
    await expect(firstValueFrom(rpc.client.send('nobody', 1))).rejects.toContain('no matching');
    const span = spans.one('nobody');
    expect(span.attributes['error.type']).toBe('_OTHER');
    expect(span.status.message).toContain('no matching');
  });
});
