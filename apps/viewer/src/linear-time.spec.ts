import { describe, expect, it } from 'vitest';
import { TraceAssembler } from './assembling/trace-assembler.js';
import { WireCheck } from './receiving/otlp/wire-check.js';
import { TRACE_REQUEST } from './receiving/otlp/wire-layout.js';
import { parseJsonMessage } from './receiving/otlp/json-message.js';
import { readJsonLine } from './receiving/lines/json-line.js';
import { harmlessLine } from './showing/foreign-line.js';
import { PLAIN } from './showing/palette.js';
import { renderTrace } from './showing/render-trace.js';
import { printable } from './showing/text.js';
import { log, span, TRACE_ID } from './testing/fixtures.js';
import { leastMicros, many } from './testing/least-micros.js';
import type { ReceivedLog, ReceivedSpan } from './telemetry.interface.js';

const CONTEXT = { palette: PLAIN, spanName: () => undefined };
const dropped = { spans: 0, logs: 0 };

function render(spans: ReceivedSpan[], logs: ReceivedLog[] = []): void {
  renderTrace({ traceId: TRACE_ID, spans, logs, revision: 0, dropped }, CONTEXT);
}

describe('what sees a sender takes time in proportion to its input', () => {
  it.each<[string, number, (size: number) => () => void]>([
    [
      'a chain',
      3_000,
      (size) => {
        const spans = many(size, (index) => span(`s${index}`, index ? `s${index - 1}` : undefined));
        return () => render(spans);
      },
    ],
    [
      'children of one span',
      3_000,
      (size) => {
        const spans = many(size, (index) => span(`s${index}`, index ? 's0' : undefined));
        return () => render(spans);
      },
    ],
    [
      'children and log lines of a missing span',
      3_000,
      (size) => {
        const spans = many(size, (index) => span(`s${index}`, 'missing'));
        const logs = many(size, (index) => log('line', `gone${index % 100}`, index));
        return () => render(spans, logs);
      },
    ],
    [
      'a circle',
      3_000,
      (size) => {
        const spans = many(size, (index) => span(`s${index}`, `s${(index + 1) % size}`));
        return () => render(spans);
      },
    ],
    [
      'spans that arrive one by one',
      2_000,
      (size) => {
        const spans = many(size, (index) => span(`s${index}`, `s${index + 1}`));
        return () => {
          const assembler = new TraceAssembler({ quietMillis: 1_000, rootlessMillis: 1_000 });
          for (const each of spans) assembler.add({ spans: [each] });
          assembler.onApplicationShutdown();
        };
      },
    ],
    [
      'blanks in a text',
      16_384,
      (size) => () => void printable(' \t'.repeat(size) + 'x', Infinity),
    ],
    ['control characters', 16_384, (size) => () => void printable('\u0000'.repeat(size), Infinity)],
    [
      'beginnings of colours',
      16_384,
      (size) => () => void harmlessLine('\u001b[1;'.repeat(size), true),
    ],
    [
      'empty messages on the wire',
      50_000,
      (size) => {
        const bytes = Buffer.from('0a00'.repeat(size), 'hex');
        return () => new WireCheck(bytes).run(TRACE_REQUEST);
      },
    ],
    [
      'brackets',
      50_000,
      (size) => {
        const body = Buffer.from('['.repeat(size) + ']'.repeat(size));
        return () => void parseJsonMessage(body);
      },
    ],
    [
      'a deep line',
      5_000,
      (size) => {
        const line = `{"level":30,"deep":${'[1,'.repeat(size)}1${']'.repeat(size)}}`;
        return () => void readJsonLine(line);
      },
    ],
  ])('%s', (_case, size, prepare) => {
    const [once, eightTimes] = [leastMicros(prepare(size)), leastMicros(prepare(8 * size))];
    // Eight times the input costs eight times the time, sorting and memory more; a square, 64.
    expect(eightTimes / once).toBeLessThan(24);
  });
});
