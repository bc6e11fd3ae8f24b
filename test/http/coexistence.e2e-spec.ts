import { EventEmitter } from 'node:events';
import http from 'node:http';
import { Controller, Get } from '@nestjs/common';
import { SpanKind, context, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { Traced } from 'nestjs-tracing';
import { HttpApp, PLATFORMS } from './support/http-app.js';
import { send } from './support/raw-request.js';

@Controller()
class HelloController {
  @Get('hello')
  @Traced()
  hello(): string {
    return 'hello';
  }
}

const restore: (() => void)[] = [];

/** As every agent does it: `emit` of the server's prototype opens a span around the request. */
function patchServers(): void {
  const { emit } = EventEmitter.prototype;
  http.Server.prototype.emit = function (this: http.Server, ...args: Parameters<typeof emit>) {
    if (args[0] !== 'request') return Reflect.apply(emit, this, args);
    const span = trace.getTracer('theirs').startSpan('theirs in', { kind: SpanKind.SERVER });
    const scope = trace.setSpan(context.active(), span);
    (args[2] as http.ServerResponse).on('close', () => span.end());
    return context.with(scope, () => Reflect.apply(emit, this, args));
  } as typeof emit;
  restore.push(() => Reflect.deleteProperty(http.Server.prototype, 'emit'));
}

describe.each(PLATFORMS)('beside another instrumentation, on %s', (platform) => {
  let app: HttpApp;
  const start = async () => {
    app = await HttpApp.start(platform, { controllers: [HelloController] });
  };
  const warnings = () =>
    app.logger.lines.filter((line) => line.includes('Another instrumentation'));

  afterEach(async () => {
    await app.close();
    for (const undo of restore.splice(0)) undo();
  });

  it('H7 opens no second SERVER span, and says so once', async () => {
    patchServers();
    await start();
    await fetch(`${app.url}/hello`);
    await fetch(`${app.url}/hello`);
    await app.spans.many('theirs in', 2);
    const kinds = app.spans.finished.map((span) => span.kind);
    expect(kinds.filter((kind) => kind === SpanKind.SERVER)).toHaveLength(2);
    const [hello] = app.spans.named('HelloController.hello');
    const parents = app.spans.named('theirs in').map((span) => span.spanContext().spanId);
    expect(parents).toContain(hello?.parentSpanContext?.spanId);
    expect(warnings()).toEqual([expect.stringContaining('no SERVER spans')]);
  });

  it('H7 opens both, without a word, where it is alone', async () => {
    await start();
    await fetch(`${app.url}/hello`);
    await app.spans.one('GET /hello');
    await app.spans.one('GET');
    await send(`${app.url}/hello`);
    await app.spans.many('GET', 2);
    expect(warnings()).toEqual([]);
  });

  it('S3 two applications of one process open one CLIENT span for a request', async () => {
    await start();
    const other = await HttpApp.start(platform, { controllers: [HelloController] });
    await fetch(`${other.url}/hello`);
    await app.spans.one('GET');
    await app.spans.one('GET /hello');
    await other.close();
    await fetch(`${app.url}/hello`);
    await app.spans.many('GET', 2);
  });
});
