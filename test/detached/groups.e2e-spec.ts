import { setTimeout as sleep } from 'node:timers/promises';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Detached, TracingModule, TracingService } from 'nestjs-tracing';
import type { DetachedTask } from 'nestjs-tracing';
import { SpanRecorder, TracingTestingModule } from 'nestjs-tracing/testing';

let app: TestingModule;
let tracing: TracingService;
let spans: SpanRecorder;
beforeEach(async () => {
  app = await Test.createTestingModule({ imports: [TracingTestingModule.forRoot()] }).compile();
  await app.init();
  tracing = app.get(TracingService);
  spans = app.get(SpanRecorder);
});
afterEach(() => app.close());

/** Work that opens a group of its own and notes what its child saw. */
function audit(seen: string[]): () => Promise<unknown> {
  return () =>
    tracing.group('write audit', async (group) => {
      await group.spawn('insert', async ({ signal }) => {
        await sleep(20, undefined, { signal });
        seen.push('inserted');
      });
    });
}

describe('detached work and groups', () => {
  it('D1 goes on, its groups too, when the group it was detached in is cancelled', async () => {
    const seen: string[] = [];
    let task: DetachedTask | undefined;
    const request = tracing.group('request', async (group) => {
      await group.spawn('handle', async () => {
        task = tracing.detach('audit', audit(seen));
        throw new Error('no');
      });
    });
    await expect(request).rejects.toThrow('no');
    await task?.done;
    expect(seen).toEqual(['inserted']);
    expect(spans.one('write audit').attributes['async.task.outcome']).toBe('ok');
  });

  it('D9 gives a detached method the signal of its task, and a group that of the group', async () => {
    const imports = [TracingModule.forRoot({ shutdownTimeoutMillis: 500 })];
    const stopping = await Test.createTestingModule({ imports }).compile();
    await stopping.init();
    const seen: (AbortSignal | undefined)[] = [];
    class Audits {
      @Detached()
      async write(): Promise<void> {
        seen.push(tracing.signal);
        await tracing.group('inner', async (group) => {
          expect(tracing.signal).toBe(group.signal);
        });
        await sleep(60_000, undefined, { signal: tracing.signal as AbortSignal });
      }
    }
    expect(tracing.signal).toBeUndefined();
    const written = new Audits().write();
    await sleep(20);
    await stopping.close();
    await expect(written).rejects.toThrow('aborted');
    expect(seen[0]?.aborted).toBe(true);
  });

  it('D9 calls off the groups it has opened when it is cancelled', async () => {
    const seen: string[] = [];
    const task = tracing.detach('audit', audit(seen));
    await sleep(5);
    task.cancel();
    await task.done;
    expect(seen).toEqual([]);
    expect(spans.one('insert').attributes['async.task.outcome']).toBe('cancelled');
    expect(spans.one('audit').attributes['async.task.outcome']).toBe('cancelled');
  });
});
