import { Controller, Get } from '@nestjs/common';
import { SpanStatusCode } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { send, sendRaw } from './support/raw-request.js';

@Controller()
class CallsController {
  @Get('calls')
  @Traced()
  async call(): Promise<string> {
    await fetch('http://ann:s3cret@127.0.0.1/orders?access_token=s3cret');
    return 'called';
  }

  @Get('caused')
  @Traced()
  caused(): never {
    const cause = new Error('cannot reach amqp://ann:s3cret@mq:5672/vhost');
    throw new Error('no broker', { cause });
  }

  @Get('text')
  @Traced()
  text(): never {
    // oxlint-disable-next-line typescript/only-throw-error
    throw 'https://ann:s3cret@host/?a=1&clientSecret=s3cret failed';
  }

  @Get('ok')
  ok(): string {
    return 'ok';
  }
}

describe.each(PLATFORMS)('what must not be seen, on %s', (platform) => {
  let app: HttpApp;
  beforeAll(async () => {
    app = await HttpApp.start(platform, { controllers: [CallsController] });
  });
  afterEach(() => app.spans.reset());
  afterAll(() => app.close());

  it.each(['call', 'caused', 'text'])(
    'E6 credentials of URLs that an error quotes are in no span around it: %s',
    async (method) => {
      const paths: Record<string, string> = { call: 'calls' };
      await send(`${app.url}/${paths[method] ?? method}`);
      const span = await app.spans.one(`CallsController.${method}`);
      await app.spans.noneOpen();
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      const [event] = span.events;
      expect(event?.attributes?.['exception.message']).not.toBe('');
      const said = app.spans.finished.map(({ status, attributes, events }) => [
        status,
        attributes,
        events,
      ]);
      expect(JSON.stringify(said)).not.toContain('s3cret');
      expect(JSON.stringify(said)).toContain('REDACTED:REDACTED@');
    },
  );

  it('H6 url.path and url.query hold no fragment', async () => {
    await sendRaw(
      app.port,
      'GET /ok?a=1#id_token=s3cret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    await sendRaw(
      app.port,
      'GET /ok#id_token=s3cret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    await expect.poll(() => app.spans.finished.length).toBe(2);
    const targets = app.spans.finished.map(({ attributes }) => [
      attributes['url.path'],
      attributes['url.query'],
    ]);
    expect(targets).toEqual([
      ['/ok', 'a=1'],
      ['/ok', undefined],
    ]);
  });

  it('H6 a URL in a parameter is redacted, on the way in and out', async () => {
    const next = encodeURIComponent('https://shop.example/cb?refreshToken=s3cret');
    await fetch(`${app.url}/ok?next=${next}&user[password][]=s3cret`);
    await app.spans.many('GET', 1);
    const server = await app.spans.one('GET /ok');
    const query = `next=${next.replace('s3cret', 'REDACTED')}&user[password][]=REDACTED`;
    expect(server.attributes['url.query']).toBe(query);
    const [client] = app.spans.named('GET');
    expect(client?.attributes['url.full']).toBe(`${app.url}/ok?${query}`);
  });
});
