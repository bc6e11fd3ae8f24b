import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { send } from './support/raw-request.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const VALID = `00-${TRACE}-${PARENT}-01`;

type Header = readonly [name: string, value: string];
const parent = (value: string): Header => ['traceparent', value];
const state = (value: string): Header => ['tracestate', value];

let target = '';
let service: Server;
const received: IncomingMessage[] = [];

/** A service in the middle: it calls on with the client that is asked for. */
@Controller()
class RelayController {
  @Get('fetch')
  async fetch(): Promise<string> {
    return (await fetch(target)).text();
  }

  @Get('node')
  async node(): Promise<string> {
    return (await send(target)).body;
  }
}

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
  readonly state: string | undefined;
}

beforeAll(async () => {
  service = createServer((req, res) => {
    received.push(req);
    res.end('ok');
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  target = `http://127.0.0.1:${(service.address() as AddressInfo).port}/`;
});
afterAll(() => {
  service.closeAllConnections();
  service.close();
});

describe.each(PLATFORMS)('W3C Trace Context level 2, on %s', (platform) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start(platform, { controllers: [RelayController] });
  });
  afterAll(() => app.close());

  describe.each(['fetch', 'node'])('through %s', (client) => {
    /** Raw bytes, because no client sends what these cases need. */
    async function relay(headers: readonly Header[]): Promise<Sent> {
      received.length = 0;
      const socket = connect(app.port, '127.0.0.1');
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.write(`GET /${client} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`);
      await once(socket.resume(), 'close');
      const sent = received[0]?.headers ?? {};
      const [version, traceId = '', spanId = '', flags = ''] = String(sent['traceparent']).split(
        '-',
      );
      expect([version, traceId.length, spanId.length]).toEqual(['00', 32, 16]);
      return { traceId, spanId, flags, state: sent['tracestate'] as string | undefined };
    }
    const continues = async (...headers: Header[]) => {
      const sent = await relay(headers);
      expect(sent.traceId).toBe(TRACE);
      expect(sent.spanId).not.toBe(PARENT);
      return sent;
    };
    const startsAnew = async (...headers: Header[]) => {
      const sent = await relay(headers);
      expect(sent.traceId).not.toBe(TRACE);
      expect(sent.traceId).not.toMatch(/^0+$/);
      return sent;
    };
    const keepsState = async (expected: string, ...states: string[]) =>
      expect((await continues(parent(VALID), ...states.map(state))).state).toBe(expected);
    const dropsState = async (...states: string[]) =>
      expect((await continues(parent(VALID), ...states.map(state))).state).toBeUndefined();

    it('H3 starts a trace if both headers are missing', async () => {
      expect((await startsAnew()).state).toBeUndefined();
    });
    it('H3 continues a trace that comes without a state', async () => {
      expect((await continues(parent(VALID))).state).toBeUndefined();
    });
    it('H3 starts anew if there are two parents', async () => {
      await startsAnew(parent(VALID), parent(VALID.replace(PARENT, '1234567890123456')));
    });
    it.each(['trace-parent', 'trace.parent', 'trace_parent'])(
      'H3 does not take %s for the header',
      async (name) => {
        await startsAnew([name, VALID]);
      },
    );
    it.each(['TraceParent', 'TrAcEpArEnT', 'TRACEPARENT'])(
      'H3 takes %s for the header',
      async (name) => {
        await continues([name, VALID]);
      },
    );
    it.each(['.', '-', '-what-the-future-will-be-like', '.what-the-future', ', more'])(
      'H3 refuses version 00 with "%s" after it',
      async (more) => {
        await startsAnew(parent(VALID + more));
      },
    );
    it.each(['', '-what-the-future-will-be-like', '-'])(
      'H3 reads version cc with "%s" after it',
      async (more) => {
        await continues(parent(`cc${VALID.slice(2)}${more}`));
      },
    );
    it('H3 refuses version cc with a dot after it', async () => {
      await startsAnew(parent(`cc${VALID.slice(2)}.what-the-future-will-be-like`));
    });
    it.each(['ff', '.0', '0.', '000', '0000', '0', '', 'CC'])(
      'H3 refuses version "%s"',
      async (version) => {
        await startsAnew(parent(version + VALID.slice(2)));
      },
    );
    it.each([
      '0'.repeat(32),
      `.${TRACE.slice(1)}`,
      `${TRACE}0`,
      TRACE.slice(1),
      TRACE.toUpperCase(),
    ])('H3 refuses trace id %s', async (id) => {
      await startsAnew(parent(VALID.replace(TRACE, id)));
    });
    it.each(['0'.repeat(16), `.${PARENT.slice(1)}`, `${PARENT}0`, PARENT.slice(1)])(
      'H3 refuses parent id %s',
      async (id) => {
        await startsAnew(parent(VALID.replace(PARENT, id)));
      },
    );
    it.each(['.0', '0.', '001', '1', '', '0A'])('H3 refuses flags "%s"', async (flags) => {
      await startsAnew(parent(VALID.slice(0, -2) + flags));
    });
    it.each([' ', '\t', ' \t '])('H3 ignores blanks %j around the parent', async (blanks) => {
      await continues(parent(blanks + VALID + blanks));
    });
    it.each(['02', '03', 'ff'])(
      'H3 passes the random flag of %s on, and no unknown one',
      async (flags) => {
        const sent = await continues(parent(VALID.slice(0, -2) + flags));
        expect(Number.parseInt(sent.flags, 16) & 2).toBe(2);
        expect(Number.parseInt(sent.flags, 16) & ~3).toBe(0);
      },
    );
    it('H3 sets no random flag that did not come', async () => {
      expect((await continues(parent(VALID))).flags).toBe('01');
    });

    it('H3 ignores a state without a parent', async () => {
      expect((await startsAnew(state('foo=1'))).state).toBeUndefined();
    });
    it('H3 ignores a state with a parent that is refused', async () => {
      expect(
        (await startsAnew(parent(`ff${VALID.slice(2)}`), state('foo=1'))).state,
      ).toBeUndefined();
    });
    it('H3 passes a state on', () => keepsState('foo=1,bar=2', 'foo=1,bar=2'));
    it('H3 does not take trace-state for the header', async () => {
      expect((await continues(parent(VALID), ['trace-state', 'foo=1'])).state).toBeUndefined();
    });
    it('H3 takes TraceState for the header', async () => {
      expect((await continues(parent(VALID), ['TraceState', 'foo=1'])).state).toBe('foo=1');
    });
    it('H3 reads over empty headers and members', () =>
      keepsState('foo=1,bar=2', '', 'foo=1,,bar=2,', ' '));
    it('H3 joins several headers in their order', () =>
      keepsState('foo=1,bar=2,rojo=1,congo=2,baz=3', 'foo=1,bar=2', 'rojo=1,congo=2', 'baz=3'));
    it('H3 keeps one of two members with a key', () => keepsState('foo=1', 'foo=1,foo=1'));
    it('H3 keeps every character that is allowed', async () => {
      const key = 'a-b_c*d/e@f0123456789';
      const value = Array.from({ length: 0x7e - 0x20 }, (_, n) => String.fromCharCode(0x21 + n))
        .join('')
        .replace(/[,=]/g, '');
      await keepsState(`${key}=a ${value}`, `${key}=a ${value}`);
    });
    it('H3 removes blanks around members', () =>
      keepsState('foo=1,bar=2,baz=3', ' foo=1 \t , \t bar=2, \t baz=3 '));
    it.each(['foo =1', 'FOO=1', 'foo.bar=1', '=1', 'foo', '@foo=1,bar=2', '-a=1', 'f\u00e9=1'])(
      'H3 discards a state with key "%s"',
      (list) => dropsState(list),
    );
    it.each(['foo@=1,bar=2', 'foo@@bar=1', 'foo@bar@baz=1', '0foo=1', 'a@b/c*d=1'])(
      'H3 keeps a state with level 2 keys: %s',
      (list) => keepsState(list, list),
    );
    it('H3 keeps 32 members and discards 33', async () => {
      const members = (count: number) =>
        Array.from({ length: count }, (_, n) => `bar${n}=${n}`).join(',');
      await keepsState(members(32), members(32));
      await dropsState(members(33));
      await dropsState(members(20), members(20).replaceAll('bar', 'foo'));
    });
    it('H3 keeps keys and values of 256 characters and discards longer ones', async () => {
      const long = 'z'.repeat(256);
      await keepsState(`${long}=${long}`, `${long}=${long}`);
      await keepsState(`t${'a'.repeat(239)}@v=1`, `t${'a'.repeat(239)}@v=1`);
      await dropsState(`${long}z=1`);
      await dropsState(`a=${long}z`);
    });
    it.each(['foo=bar=baz', 'foo=,bar=3', 'foo=b\u00e9'])(
      'H3 discards a state with value %s',
      (list) => dropsState(list),
    );

    it('H3 gives each of several requests with one parent a span of its own', async () => {
      const ids = [await continues(parent(VALID)), await continues(parent(VALID))];
      expect(new Set(ids.map(({ spanId }) => spanId)).size).toBe(2);
    });
    it('H3 gives each of several requests without a parent a trace of its own', async () => {
      const ids = [await startsAnew(), await startsAnew(), await startsAnew(parent('00-bad'))];
      expect(new Set(ids.map(({ traceId }) => traceId)).size).toBe(3);
    });
  });
});
