import { describe, expect, it } from 'vitest';
import { chromeFile } from '../exchange/chrome-file.js';
import { otlpFile } from '../exchange/otlp-file.js';
import { traceText } from '../exchange/trace-text.js';
import { TraceStore } from '../store/trace-store.js';
import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { log, span, TRACE_ID } from '../testing/fixtures.js';
import { leastMicros, many } from '../testing/least-micros.js';
import { analyse, traceDetail } from './trace-detail.js';
import { traceRows } from './trace-rows.js';

/** Everything that is answered about one trace. */
function answers(spans: readonly ReceivedSpan[], logs: readonly ReceivedLog[] = []): () => void {
  const store = new TraceStore({ maxSpans: 1_000_000 });
  store.add({ spans, logs });
  const trace = store.trace(TRACE_ID)!;
  return () => {
    JSON.stringify(traceDetail(trace, store, false));
    const analysis = analyse(trace, store);
    traceText(analysis, store);
    chromeFile(analysis);
    otlpFile(trace);
  };
}

describe('what is answered about a trace takes time in proportion to it', () => {
  it.each<[string, number, (size: number) => () => void]>([
    [
      'a chain of clients and servers, each with a clock of its own',
      500,
      (size) =>
        answers(
          many(size, (at) =>
            span(`s${at}`, at === 0 ? undefined : `s${at - 1}`, {
              kind: at % 2 === 0 ? 'CLIENT' : 'SERVER',
              service: `service ${at}`,
              startMillis: -50 * at,
            }),
          ),
        ),
    ],
    [
      'one statement again and again, each failing',
      1_000,
      (size) =>
        answers(
          many(size, (at) =>
            span(`s${at}`, at === 0 ? undefined : 's0', {
              kind: 'CLIENT',
              status: 'ERROR',
              statusMessage: `failure ${at}`,
              attributes: { 'db.query.text': 'select', 'async.task.outcome': 'abandoned' },
              startMillis: 5 * at,
            }),
          ),
        ),
    ],
    [
      'missing parents, links and log lines of nobody',
      1_000,
      (size) =>
        answers(
          many(size, (at) =>
            span(`s${at}`, `missing ${at}`, {
              links: [{ traceId: 'b'.repeat(32), spanId: `s${at}`, attributes: {} }],
            }),
          ),
          many(size, (at) => log('line', `gone ${at}`, at)),
        ),
    ],
    [
      'a circle',
      1_000,
      (size) => answers(many(size, (at) => span(`s${at}`, `s${(at + 1) % size}`))),
    ],
    [
      'spans that come one by one, with a row after each',
      1_000,
      (size) => () => {
        const store = new TraceStore({ maxSpans: 1_000_000 });
        for (let at = 0; at < size; at++) {
          store.add({ spans: [span(`s${at}`, `s${at + 1}`)] });
          traceRows([...store.traces], () => true);
        }
      },
    ],
  ])('%s', (_case, size, prepare) => {
    const [once, eightTimes] = [leastMicros(prepare(size)), leastMicros(prepare(8 * size))];
    // Eight times the input costs eight times the time, sorting and memory more; a square, 64.
    expect(eightTimes / once).toBeLessThan(24);
  });
});
