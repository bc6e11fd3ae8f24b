import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { freshTraceId, hex } from '../support/messages.js';
import { event, logRequest, requestOf, spanOf } from '../support/otlp.js';
import { namesOf, ViewerApi } from '../support/viewer-api.js';
import { ViewerProcess } from '../support/viewer-process.js';

/** Markup, script, addresses, what turns text around, halves of characters, what steers a terminal. */
const EVIL = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  'javascript:alert(1)',
  '"onmouseover="alert(1)',
  '\u202egnp.exe',
  '\ud800half',
  '\u001b]0;owned\u0007\u001b[2J',
  '__proto__',
  'constructor',
];

describe('P19 hostile senders', () => {
  let viewer: ViewerProcess;
  let api: ViewerApi;

  beforeAll(async () => {
    viewer = await ViewerProcess.start('--max-spans', '20000');
    api = new ViewerApi(viewer);
  });

  afterAll(() => viewer.stop());

  it('text of any content comes as text: in JSON, in plain text and on the terminal', async () => {
    const traceId = freshTraceId();
    const spans = EVIL.map((text, index) =>
      spanOf(traceId, [index + 1, index === 0 ? 0 : 1, 0, 5], {
        name: text,
        attributes: { [text]: text },
        events: [event(text, 1, { [text]: text })],
        status: { code: 2, message: text },
      }),
    );
    await viewer.post('/v1/traces', requestOf(EVIL[0]!, spans));
    const record = { traceId, spanId: hex(1, 16), body: { stringValue: EVIL[0]! } };
    await viewer.post('/v1/logs', logRequest('x', [{ ...record, severityText: EVIL[1] }]));
    const trace = await api.trace(traceId);
    const names = namesOf(trace, [...trace.spans.parent.keys()]);
    expect(names).toEqual(EVIL.map((text) => text.toWellFormed()));
    const { headers } = await viewer.send({ path: `/api/traces/${traceId}` });
    expect(headers['content-type']).toMatch(/^application\/json/);
    for (const [index] of EVIL.entries()) {
      const detail = await api.span(traceId, hex(index + 1, 16));
      expect(detail.attributes[0]![0]).toBe(EVIL[index]!.toWellFormed());
    }
    const text = await api.text(`/api/traces/${traceId}.txt`);
    await viewer.printed(traceId);
    for (const shown of [text, viewer.output]) {
      // oxlint-disable-next-line no-control-regex -- this is what must not be there
      expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202e]/);
    }
    await api.text('/api/terms');
    await api.text('/api/groups');
    await api.text('/api/map');
  });

  it('an attribute of 10 MB is cut, and costs what is left of it', async () => {
    const traceId = freshTraceId();
    const attributes = { long: 'x'.repeat(10_000_000) };
    const span = spanOf(traceId, [1, 0, 0, 5], { attributes });
    expect((await viewer.post('/v1/traces', requestOf('long', [span]))).status).toBe(200);
    const [[, value]] = (await api.span(traceId, hex(1, 16))).attributes as [[string, string]];
    expect(value.length).toBeLessThan(33_000);
    expect((await api.text(`/api/traces/${traceId}`)).length).toBeLessThan(10_000);
  });

  it('attributes, events and links of one span are bounded together, and what is left out is told', async () => {
    const traceId = freshTraceId();
    const many = Array.from({ length: 10_000 }, (_, index) => [`key ${index}`, index] as const);
    const large = Array.from({ length: 100 }, (_, index) => [`k${index}`, 'x'.repeat(30_000)]);
    const nested = { key: 'list', value: { arrayValue: { values: many.map(() => ({})) } } };
    const spans = [
      spanOf(traceId, [1, 0, 0, 5], { attributes: Object.fromEntries(many) }),
      spanOf(traceId, [2, 1, 0, 5], { attributes: Object.fromEntries(large) }),
      spanOf(traceId, [3, 1, 0, 5], { events: many.map(([name]) => event(name, 1)) }),
      { ...spanOf(traceId, [4, 1, 0, 5]), attributes: [nested, nested] },
    ];
    expect((await viewer.post('/v1/traces', requestOf('many', spans))).status).toBe(200);
    const details = await Promise.all([1, 2, 3, 4].map((id) => api.span(traceId, hex(id, 16))));
    expect(details[0]).toMatchObject({ dropped: { attributes: 10_000 - 4_096 } });
    expect(details[0]!.attributes).toHaveLength(4_096);
    expect(JSON.stringify(details[1]).length).toBeLessThan(600_000);
    expect(details[1]!.attributes.length + details[1]!.dropped.attributes).toBe(100);
    expect(details[2]!.events.length + details[2]!.dropped.events).toBe(10_000);
    expect(details[2]!.events.length).toBeLessThanOrEqual(4_096);
    expect(details[3]!.dropped.attributes).toBe(1);
    expect((await api.trace(traceId)).problems.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/lost 5904 attributes: dropped by its sender, or beyond/),
    );
  });

  it('a million spans of one id are a few, and the rest is counted', async () => {
    const traceId = freshTraceId();
    const same = Array.from({ length: 20_000 }, (_, index) =>
      spanOf(traceId, [1, 0, 0, 5], { name: `n${index % 50}` }),
    );
    const body = requestOf('many', same);
    for (let sent = 0; sent < 50; sent++) await viewer.post('/v1/traces', body);
    const { spans, dropped } = await api.trace(traceId);
    expect(spans.parent.length).toBeLessThanOrEqual(8);
    expect(dropped.spans).toBeGreaterThan(800_000);
  }, 60_000);

  it('circles and spans before their parents are trees in the end', async () => {
    const traceId = freshTraceId();
    const circle = Array.from({ length: 10_000 }, (_, index) =>
      spanOf(traceId, [index + 1, ((index + 1) % 10_000) + 1, 0, 5]),
    );
    await viewer.post('/v1/traces', requestOf('circle', circle));
    const { spans } = await api.trace(traceId);
    expect(spans.parent.filter((parent) => parent < 0)).toHaveLength(1);
    expect(spans.parent.every((parent, index) => parent < index)).toBe(true);
  });

  it('a flood of traces, services and links leaves memory bounded and the API there', async () => {
    const link = (traceId: string) => ({ traceId, spanId: hex(1, 16) });
    for (let batch = 0; batch < 40; batch++) {
      const spans = Array.from({ length: 2_000 }, (_, index) =>
        spanOf(freshTraceId(), [1, 0, 0, 5], {
          links: [link(freshTraceId()), link(hex(7, 32))],
          attributes: { [`key ${batch} ${index}`]: 'v'.repeat(500) },
        }),
      );
      const answer = await viewer.post('/v1/traces', requestOf(`service ${batch}`, spans));
      expect(answer.status).toBe(200);
    }
    const { totals } = await api.get<TraceList>('/api/traces?limit=1');
    expect(totals.traces).toBeLessThanOrEqual(totals.maxTraces);
    expect(totals.evicted.traces).toBeGreaterThan(70_000);
    expect(viewer.rssMegabytes).toBeLessThan(700);
    await api.text('/api/terms');
  }, 60_000);
});
