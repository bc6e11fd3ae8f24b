import { once } from 'node:events';
import { request } from 'node:http';
import type { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Params } from 'nestjs-pino';
import { withTraceContext } from 'nestjs-tracing/pino';
import { describe, expect, it } from 'vitest';
import { LookupController } from './support/lookup.controller.js';
import { PLATFORMS } from './support/log-app.js';
import type { LogApp, LogAppOptions } from './support/log-app.js';
import { idsOf, occurrences, ZEROS } from './support/trace-ids.js';
import { useLogApp } from './support/use-log-app.js';

const SERVER = 'SERVER /lookup';

const { spans, start: startOn, idsOfSpan: server } = useLogApp();

describe.each(PLATFORMS)('the line that closes a request, on %s', (platform) => {
  const start = async (
    params: (stream: Writable) => Params,
    rest: Partial<LogAppOptions> = {},
  ): Promise<LogApp> => {
    return startOn(platform, {
      params,
      controllers: [LookupController],
      ...rest,
    });
  };

  it('L3 carries the ids of the SERVER span, each once', async () => {
    const app = await start((stream) => withTraceContext({ pinoHttp: { stream } }));
    await app.get('/lookup');
    const completed = await app.line('request completed');
    expect(completed).toMatchObject(await server(SERVER));
    expect(completed).toMatchObject({ req: { method: 'GET' }, res: { statusCode: 200 } });
    expect(occurrences(completed)).toEqual([1, 1, 1]);
  });

  it("L3 carries the ids of the module's own SERVER span", async () => {
    const app = await start((stream) => withTraceContext({ pinoHttp: { stream } }), {
      serverSpans: 'module',
    });
    await app.get('/lookup');
    const completed = await app.line('request completed');
    expect(completed).toMatchObject(await server('GET /lookup'));
    expect(occurrences(completed)).toEqual([1, 1, 1]);
  });

  it.each(['failing', 'throwing'])('L3 holds for "request errored" (%s)', async (path) => {
    const app = await start((stream) => withTraceContext({ pinoHttp: { stream } }));
    await app.get(`/${path}`);
    const errored = await app.line('request errored');
    expect(errored).toMatchObject(await server(`SERVER /${path}`));
    expect(occurrences(errored)).toEqual([1, 1, 1]);
  });

  it('L3 holds for "request aborted"', async () => {
    const app = await start((stream) => withTraceContext({ pinoHttp: { stream } }));
    const hanging = request(app.url('/hanging')).on('error', () => {});
    hanging.end();
    await once(hanging, 'socket');
    await setTimeout(50);
    hanging.destroy();
    expect(await app.line('request aborted')).toMatchObject(await server('SERVER /hanging'));
  });

  it('L3 keeps concurrent requests apart', async () => {
    const app = await start((stream) => withTraceContext({ pinoHttp: { stream } }));
    await Promise.all(Array.from({ length: 50 }, (_, i) => app.get(`/lookup?n=${i}`)));
    await expect.poll(() => app.lines.length).toBe(50);
    await expect.poll(() => spans.finished.filter(isServer).length).toBe(50);
    for (const completed of app.lines) {
      const { url } = completed['req'] as { url: string };
      expect(completed).toMatchObject(idsOf(spans.one(`SERVER ${url}`)));
    }
  });

  it('L3 carries zeros if no span was active, though one below was', async () => {
    const app = await start((stream) => withTraceContext({ pinoHttp: { stream } }), {
      serverSpans: 'none',
    });
    await app.get('/lookup');
    expect(await app.line('request completed')).toMatchObject(ZEROS);
  });

  it("L3 carries no ids if no span was active with whenNoSpan: 'omit'", async () => {
    const app = await start(
      (stream) => withTraceContext({ pinoHttp: [{}, stream] }, { whenNoSpan: 'omit' }),
      { serverSpans: 'none' },
    );
    await app.get('/lookup');
    expect(occurrences(await app.line('request completed'))).toEqual([0, 0, 0]);
  });
});

function isServer({ name }: { name: string }): boolean {
  return name.startsWith('SERVER');
}
