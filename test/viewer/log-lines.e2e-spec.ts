import { ConsoleLogger } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { TraceConsoleLogger } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TraceDetail } from '../../apps/viewer/src/wire/trace-detail.interface.js';
import { span, traces } from './support/messages.js';
import { ViewerApi } from './support/viewer-api.js';
import { ViewerProcess } from './support/viewer-process.js';

/** What a logger writes, on whichever stream. */
function written(write: () => void): string {
  const lines: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0),
  );
  write();
  for (const spy of spies) spy.mockRestore();
  return lines.join('');
}

describe('P9 the JSON lines of a logger on standard input', () => {
  const spans = recordSpans();
  let viewer: ViewerProcess;
  beforeAll(async () => void (viewer = await ViewerProcess.start()));
  afterAll(async () => {
    await viewer.stop();
    await spans.stop();
  });

  it("have their text in the terminal, Nest's own as well", async () => {
    const logger = new ConsoleLogger('Shop', { json: true });
    viewer.stdin.write(written(() => logger.log('the shop has opened')));
    await viewer.printed(/• INFO {2}the shop has opened\n/);
    viewer.stdin.write(written(() => logger.warn({ shelf: 7, isEmpty: true })));
    await viewer.printed('• WARN  {"shelf":7,"isEmpty":true}');
    viewer.stdin.write(written(() => logger.error('it fell', 'Error: it fell\n    at a.ts:1')));
    await viewer.printed(/• ERROR {2}it fell\n/);
  });

  it('stand with their text and time in the span that wrote them', async () => {
    const ids = trace.getTracer('test').startActiveSpan('work', (work) => {
      const logger = new TraceConsoleLogger('Shop');
      viewer.stdin.write(written(() => logger.log('order 7 was placed')));
      work.end();
      return work.spanContext();
    });
    await viewer.post('/v1/traces', traces(span({ traceId: ids.traceId, spanId: ids.spanId })));
    await viewer.printed('order 7 was placed');
    const detail = await new ViewerApi(viewer).get<TraceDetail>(`/api/traces/${ids.traceId}`);
    expect(detail.logs.span).toEqual([0]);
    expect(detail.strings[detail.logs.message[0]!]).toBe('order 7 was placed');
    expect(detail.strings[detail.logs.severity[0]!]).toBe('INFO');
  });
});
