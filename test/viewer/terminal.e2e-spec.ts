import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshTraceId, hex, logs, span, traces } from './support/messages.js';
import { ViewerProcess } from './support/viewer-process.js';

const ESC = '\u001b';
/** What steers a terminal or turns text around: C0, C1, bidi, and halves of characters. */
const NASTY = `${ESC}[2J${ESC}]0;owned\u0007\r\u0008\u009b31m\u0085\u202eabc\u2066\u200f\u2028\ud800x`;
// Line ends are the viewer's own; a colour cannot be, since standard output is a pipe here.
const STEERING = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

describe('no sender steers the terminal', () => {
  let viewer: ViewerProcess;

  beforeAll(async () => {
    viewer = await ViewerProcess.start();
  });
  afterAll(() => viewer.stop());

  afterEach(() => {
    const shown = viewer.output.split('\n').filter((line) => STEERING.test(line));
    expect(shown).toEqual([]);
    expect(viewer.errors).not.toContain(ESC);
    viewer.output = '';
  });

  it('whatever names, attributes, events, messages and services hold', async () => {
    const attributes = [
      { key: NASTY, value: { stringValue: NASTY } },
      { key: '__proto__', value: { stringValue: 'kept' } },
      { key: 'list', value: { arrayValue: { values: [{ stringValue: NASTY }] } } },
      { key: 'map', value: { kvlistValue: { values: [{ key: NASTY, value: {} }] } } },
    ];
    const hostile = span({
      name: `${NASTY} first`,
      attributes,
      events: [
        { name: NASTY, attributes },
        { name: 'exception', attributes: exception() },
      ],
      status: { code: 2, message: NASTY },
    });
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: NASTY } }] };
    const body = { resourceSpans: [{ resource, scopeSpans: [{ spans: [hostile] }] }] };
    expect((await viewer.post('/v1/traces', JSON.stringify(body))).status).toBe(200);
    await viewer.printed('first');
    expect(viewer.output).toContain('__proto__=kept');
  });

  it('whatever log records and lines on standard input hold', async () => {
    const record = { body: { stringValue: `${NASTY} record` }, severityText: NASTY };
    await viewer.post('/v1/logs', logs(record));
    await viewer.printed('record');
    viewer.stdin.write(`${JSON.stringify({ level: NASTY, msg: NASTY, [NASTY]: NASTY })}\n`);
    viewer.stdin.write(`${NASTY} plain line\n`);
    viewer.stdin.write(`${ESC}[31mred${ESC}[0m and\ttab\n`);
    await viewer.printed('plain line');
    await viewer.printed('red and  tab');
  });

  it.each([
    '{"level":30,"time":1e999,"msg":"last"}',
    '{"level":30,"time":{"toString":1},"msg":"last"}',
    '{"level":{"valueOf":1,"toString":1},"msg":"last"}',
    '{"level":[[]],"msg":"last"}',
    '{"level":30,"msg":"last","__proto__":{"a":1}}',
    '{"level":30,"msg":"last","trace_id":{"length":5e8},"span_id":5}',
    `{"level":30,"msg":"last","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    `{"level":30,"msg":"last","deep":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  ])('whatever fields a line on standard input has', async (line) => {
    viewer.stdin.write(`${line}\n`);
    await viewer.printed(/• .*last/);
  });

  it('reads lines of any length in bounded memory', async () => {
    const before = viewer.peakMegabytes;
    const chunk = 'x'.repeat(1024 * 1024);
    for (let index = 0; index < 300; index++) {
      if (!viewer.stdin.write(chunk))
        await new Promise((resolve) => viewer.stdin.once('drain', resolve));
    }
    viewer.stdin.write('\nafter the long line\n');
    await viewer.printed('after the long line');
    expect(viewer.peakMegabytes - before).toBeLessThan(150);
    expect((await viewer.stats()).received).toMatchObject({ cutLines: 1 });
  });

  it.each([
    ['async.task.index', { kvlistValue: { values: [] } }],
    ['async.task.index', { doubleValue: 'NaN' }],
    ['async.group.tasks.total', { kvlistValue: { values: [] } }],
    ['async.task.outcome', { arrayValue: { values: [{ kvlistValue: {} }] } }],
    ['async.task.cancel.reason', { kvlistValue: {} }],
  ])('whatever type the attribute %s has that a line reads', async (key, value) => {
    const traceId = freshTraceId();
    const attributes = [{ key, value }];
    const spans = [1, 2, 3].map((index) => span({ traceId, spanId: hex(index, 16), attributes }));
    await viewer.post('/v1/traces', traces(...spans));
    await viewer.printed('3 spans');
  });

  it.each(['slow query', 'repeated query', 'async.detached.started', 'exception'])(
    'whatever type the attributes of the event %j have',
    async (name) => {
      const keys = ['typeorm.query.duration_ms', 'typeorm.query.count', 'db.query.summary'];
      const more = ['async.detached.name', 'async.detached.trace_id', 'exception.type'];
      const attributes = [...keys, ...more].map((key) => ({ key, value: { kvlistValue: {} } }));
      await viewer.post(
        '/v1/traces',
        traces(span({ name: 'told', events: [{ name, attributes }] })),
      );
      await viewer.printed('told');
    },
  );
});

function exception() {
  return ['type', 'message', 'stacktrace'].map((part) => ({
    key: `exception.${part}`,
    value: { stringValue: NASTY },
  }));
}
