import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  TRACE_FLAG,
  type LiveRows,
  type TraceList,
} from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { LiveEvents } from '../support/live-events.js';
import { freshTraceId, hex, span, traces } from '../support/messages.js';
import { ViewerProcess } from '../support/viewer-process.js';

describe('P1 what changes is told while it happens', () => {
  let viewer: ViewerProcess;

  beforeAll(async () => {
    viewer = await ViewerProcess.start('--no-terminal');
  });

  afterAll(() => viewer.stop());

  async function list(query = ''): Promise<TraceList> {
    return JSON.parse((await viewer.send({ path: `/api/traces?${query}` })).body) as TraceList;
  }

  async function listen(query = ''): Promise<LiveEvents> {
    const { session, at } = await list();
    return await LiveEvents.open(viewer.http, `${query}&session=${session}&after=${at}`);
  }

  function flagsOf({ id, flags }: LiveRows, traceId: string): number | undefined {
    return flags[id.indexOf(traceId)];
  }

  it('a trace is running from its first span, and finished once its root is there', async () => {
    const live = await listen();
    const traceId = freshTraceId();
    await viewer.post(
      '/v1/traces',
      traces(span({ traceId, spanId: hex(2, 16), parentSpanId: hex(1, 16) })),
    );
    const running = await live.find(({ data }) => data.id.includes(traceId));
    expect(flagsOf(running.data, traceId)! & TRACE_FLAG.running).toBe(TRACE_FLAG.running);
    await viewer.post('/v1/traces', traces(span({ traceId, name: 'GET /x' })));
    const finished = await live.find(
      ({ data }) => (flagsOf(data, traceId) ?? TRACE_FLAG.running) % 2 === 0,
    );
    const row = finished.data.id.indexOf(traceId);
    expect(finished.data.spans[row]).toBe(2);
    expect(finished.data.strings[finished.data.name[row]!]).toBe('GET /x');
    live.close();
  });

  it('a trace whose root never comes is running no longer after a while', async () => {
    const live = await listen();
    const traceId = freshTraceId();
    await viewer.post(
      '/v1/traces',
      traces(span({ traceId, spanId: hex(2, 16), parentSpanId: hex(1, 16) })),
    );
    const given = await live.find(
      ({ data }) => (flagsOf(data, traceId) ?? TRACE_FLAG.running) % 2 === 0,
    );
    expect(flagsOf(given.data, traceId)! & TRACE_FLAG.incomplete).toBe(TRACE_FLAG.incomplete);
    live.close();
  });

  it('who comes back gets what was missed, and nothing else', async () => {
    const first = await listen();
    const [known, missed] = [freshTraceId(), freshTraceId()];
    await viewer.post('/v1/traces', traces(span({ traceId: known })));
    const { id } = await first.find(({ data }) => data.id.includes(known));
    first.close();
    await viewer.post('/v1/traces', traces(span({ traceId: missed })));
    const again = await LiveEvents.open(viewer.http, '', id);
    const { data } = await again.find(({ data: rows }) => rows.id.includes(missed));
    expect(data.id).not.toContain(known);
    again.close();
  });

  it('who comes back after a restart is told to begin again', async () => {
    const elsewhere = '00000000-0000-4000-8000-000000000000/7';
    const live = await LiveEvents.open(viewer.http, '', elsewhere);
    const { name, data } = await live.find(() => true);
    expect({ name, reason: data.reason }).toEqual({ name: 'reset', reason: 'restarted' });
    live.close();
  });

  it('only what matches the search is told, and what does not any more', async () => {
    const live = await listen('q=-status:error');
    const traceId = freshTraceId();
    await viewer.post('/v1/traces', traces(span({ traceId })));
    await live.find(({ data }) => data.id.includes(traceId));
    const failed = span({
      traceId,
      spanId: hex(9, 16),
      parentSpanId: hex(1, 16),
      status: { code: 2 },
    });
    await viewer.post('/v1/traces', traces(failed));
    await live.find(({ data }) => data.gone.includes(traceId));
    live.close();
  });

  it('what was removed is told', async () => {
    const traceId = freshTraceId();
    await viewer.post('/v1/traces', traces(span({ traceId })));
    const live = await listen();
    const headers = { 'content-type': 'application/json' };
    await viewer.send({ method: 'DELETE', path: `/api/traces/${traceId}`, headers });
    await live.find(({ data }) => data.gone.includes(traceId));
    expect((await viewer.send({ path: `/api/traces/${traceId}` })).status).toBe(404);
    live.close();
  });

  it('P3 in ten batches a second at most, however much comes', async () => {
    const live = await listen();
    const begin = Date.now();
    let last = '';
    while (Date.now() - begin < 2_000) {
      const spans = Array.from({ length: 100 }, () => span({ traceId: (last = freshTraceId()) }));
      await viewer.post('/v1/traces', traces(...spans));
      await setTimeout(20);
    }
    await live.find(({ data }) => data.id.includes(last));
    const seconds = (live.events.at(-1)!.millis - live.events[0]!.millis) / 1_000;
    expect(live.events.length).toBeLessThanOrEqual(10 * seconds + 2);
    live.close();
  });

  it('a reader that never reads costs nothing, and gets the newest state when it does', async () => {
    const traceId = freshTraceId();
    const response = await fetch(`http://127.0.0.1:${viewer.http}/api/live?session=x&after=0`);
    const names = Array.from({ length: 2_000 }, (_, at) =>
      span({ traceId: freshTraceId(), name: `${at} ${'n'.repeat(5_000)}` }),
    );
    for (let at = 0; at < names.length; at += 200) {
      await viewer.post('/v1/traces', traces(...names.slice(at, at + 200)));
    }
    await viewer.post('/v1/traces', traces(span({ traceId })));
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.includes(traceId)) break;
    }
    expect(text).toContain(traceId);
  });
});
