import { Test } from '@nestjs/testing';
import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import type { TaskContext } from 'nestjs-tracing';
import { TracingService } from 'nestjs-tracing';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cooperative, rejectionOf, turn } from './tasks.js';

interface Item {
  readonly id: number;
}

const ITEMS: readonly Item[] = [{ id: 1 }, { id: 2 }, { id: 3 }];

describe('the expected outputs of the guide', () => {
  let spans: SpanRecorder;
  let tracing: TracingService;
  let close: () => Promise<void>;
  beforeEach(async () => {
    const app = await Test.createTestingModule({
      imports: [TracingTestingModule.forRoot()],
    }).compile();
    await app.init();
    spans = app.get(SpanRecorder);
    tracing = app.get(TracingService);
    close = () => app.close();
  });
  afterEach(async () => {
    spans.assertNoOpenSpans();
    await close();
  });

  it('step 3: every task nests under "batch", on the same trace', async () => {
    await tracing.map('batch', ITEMS, async function process_item({ id }, { span }) {
      span.setAttribute('item.id', id);
      await turn();
    });
    expect(spans.tree({ attributes: ['item.id'] })).toBe(
      [
        'batch',
        '  process_item item.id=1',
        '  process_item item.id=2',
        '  process_item item.id=3',
      ].join('\n'),
    );
    expect(new Set(spans.finished.map((span) => span.spanContext().traceId)).size).toBe(1);
  });

  it('step 4: a failure and a cancelled sibling are legible in the trace', async () => {
    const failure = new Error('item 2 is broken');
    const processItem = async ({ id }: Item, { span, signal }: TaskContext): Promise<void> => {
      span.setAttribute('item.id', id);
      await turn();
      if (id === 2) throw failure;
      if (id === 3) await cooperative(signal);
      span.setStatus({ code: SpanStatusCode.OK });
    };
    const error = await rejectionOf(
      tracing.group('batch', (group) => {
        group.span.setAttribute('batch.size', ITEMS.length);
        for (const item of ITEMS)
          void group.spawn('process_item', (task) => processItem(item, task));
      }),
    );
    expect(error).toBe(failure);
    expect(spans.tree({ attributes: ['batch.size', 'item.id', 'async.task.outcome'] })).toBe(
      [
        'batch batch.size=3 async.task.outcome=error status=ERROR',
        '  process_item item.id=1 async.task.outcome=ok status=OK',
        '  process_item item.id=2 async.task.outcome=error status=ERROR',
        '  process_item item.id=3 async.task.outcome=cancelled status=ERROR',
      ].join('\n'),
    );
    expect(
      spans.one('batch').events.map(({ attributes }) => attributes?.['exception.message']),
    ).toEqual(['item 2 is broken']);
  });

  it('step 6: a branch that is isolated sees the trace and leaves nothing behind', async () => {
    const seen: (Span | undefined)[] = [];
    await tracing.span('batch', async (batch) => {
      await tracing.isolated(() =>
        tracing.span('process_item', async () => {
          await turn();
        }),
      );
      seen.push(batch, tracing.activeSpan);
    });
    expect(spans.tree()).toBe(['batch', '  process_item'].join('\n'));
    expect(seen[1]).toBe(seen[0]);
  });
});
