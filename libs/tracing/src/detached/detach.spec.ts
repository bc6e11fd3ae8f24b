import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HttpException, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { SpanStatusCode, context, createContextKey, propagation, trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TracingModule, TracingService } from '../index.js';
import type { DetachedRejectedError, TracingModuleOptions } from '../index.js';
import type { TaskContext } from '../group/group.interface.js';
import { recordSpans } from '../testing/index.js';

const spans = recordSpans();
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);
let moduleRef: TestingModule | undefined;
let errors: { text: string; traceId: string | undefined }[] = [];

async function start(
  detached: TracingModuleOptions['detached'] = {},
  shutdownTimeoutMillis = 1000,
  cancelled: 'error' | 'unset' = 'error',
): Promise<TracingService> {
  moduleRef = await Test.createTestingModule({
    imports: [TracingModule.forRoot({ detached, shutdownTimeoutMillis, cancelled })],
  }).compile();
  await moduleRef.init();
  return moduleRef.get(TracingService);
}

beforeAll(() => void process.on('unhandledRejection', noteUnhandled));

beforeEach(() => {
  Logger.overrideLogger(false);
  errors = [];
  vi.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => {
    errors.push({
      text: String(message),
      traceId: trace.getActiveSpan()?.spanContext().traceId,
    });
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await moduleRef?.close();
  moduleRef = undefined;
  spans.reset();
});

afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled);
  expect(unhandled).toEqual([]);
  await spans.stop();
});

describe('detach', () => {
  it('D1 lets the caller go on before the work begins, and counts the task at once', async () => {
    const tracing = await start();
    const order: string[] = [];
    const task = tracing.detach('audit', () => order.push('task'));
    order.push('caller');
    expect(tracing.stats().detached).toMatchObject({ running: 1, pending: 0 });
    await task.done;
    expect(order).toEqual(['caller', 'task']);
    expect(tracing.stats().detached).toMatchObject({ running: 0, ended: { ok: 1 } });
  });

  it('D2 opens the root of another trace, linked to its origin, which gets an event with its ids', async () => {
    const tracing = await start();
    const task = tracing.span('request', () => tracing.detach('audit', () => sleep(1)));
    await task.done;
    const [request, audit] = [spans.one('request'), spans.one('audit')];
    expect(audit.parentSpanContext).toBeUndefined();
    expect(audit.spanContext()).toMatchObject({ traceId: task.traceId, spanId: task.spanId });
    expect(audit.spanContext().traceId).not.toBe(request.spanContext().traceId);
    expect(audit.links.map((link) => link.context.spanId)).toEqual([request.spanContext().spanId]);
    expect(audit.attributes['async.detached.origin']).toBe(request.spanContext().traceId);
    expect(request.events).toMatchObject([
      {
        name: 'async.detached.started',
        attributes: {
          'async.detached.name': 'audit',
          'async.detached.trace_id': task.traceId,
          'async.detached.span_id': task.spanId,
        },
      },
    ]);
  });

  it('D2 keeps links of the options beside the one to the origin', async () => {
    const tracing = await start();
    const other = tracing.span('other', (span) => span.spanContext());
    const work = (): void => undefined;
    const detach = () => tracing.detach('audit', { links: [{ context: other }] }, work);
    await tracing.span('request', detach).done;
    expect(spans.tree()).toContain('audit link=other link=request');
  });

  it('D2 has no link where no span is active', async () => {
    const tracing = await start();
    await tracing.detach('audit', () => undefined).done;
    expect(spans.one('audit').links).toEqual([]);
    expect(spans.one('audit').attributes).not.toHaveProperty('async.detached.origin');
  });

  it('D2 becomes a child of its origin by option', async () => {
    const tracing = await start({ parent: 'child' });
    await tracing.span('request', () => tracing.detach('audit', () => sleep(1))).done;
    expect(spans.tree()).toBe('request\n  audit');
  });

  it.each([
    ['all of it by default', undefined, ['tenant', 'user']],
    ['none', false, []],
    ['the named entries', ['tenant'], ['tenant']],
  ])('D3 brings baggage along: %s', async (_, baggage, expected) => {
    const tracing = await start();
    const entries = { tenant: { value: 't' }, user: { value: 'u' } };
    const key = createContextKey('application');
    const ctx = propagation
      .setBaggage(context.active(), propagation.createBaggage(entries))
      .setValue(key, 1);
    let seen: unknown[] = [];
    const options = baggage === undefined ? {} : { baggage };
    const work = async (): Promise<void> => {
      await sleep(1);
      seen =
        propagation
          .getActiveBaggage()
          ?.getAllEntries()
          .map(([name]) => name) ?? [];
      seen.push(context.active().getValue(key));
    };
    await context.with(ctx, () => tracing.detach('audit', options, work)).done;
    expect(seen).toEqual([...expected, undefined]);
  });

  it('D4 puts spans inside into the detached trace, after every await', async () => {
    const tracing = await start();
    const work = async (): Promise<void> => {
      tracing.span('first', () => undefined);
      await sleep(1);
      tracing.span('second', () => undefined);
    };
    await tracing.span('request', () => tracing.detach('audit', work)).done;
    expect(spans.tree()).toBe('request\naudit link=request\n  first\n  second');
    expect(spans.one('second').spanContext().traceId).toBe(
      spans.one('audit').spanContext().traceId,
    );
  });

  it('D4 awaits a lazy thenable inside the task', async () => {
    const tracing = await start();
    const then = (done: (value: number) => void): void => done(tracing.span('query', () => 1));
    // oxlint-disable-next-line unicorn/no-thenable -- a query builder is one
    await tracing.detach('audit', () => ({ then }) as PromiseLike<number>).done;
    expect(spans.tree()).toBe('audit\n  query');
  });

  it.each([
    ['thrown', () => Promise.resolve().then(() => Promise.reject(new TypeError('no disk')))],
    [
      'rejected',
      () => {
        throw new TypeError('no disk');
      },
    ],
  ])('D5 records a %s failure and logs it in one line with its trace id', async (_, fail) => {
    const tracing = await start();
    const task = tracing.span('request', () => tracing.detach('audit', fail));
    await expect(task.done).resolves.toBeUndefined();
    const audit = spans.one('audit');
    expect(audit.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no disk' });
    expect(audit.attributes['async.task.outcome']).toBe('error');
    expect(audit.events.map((event) => event.name)).toEqual(['exception']);
    expect(errors).toEqual([
      {
        text: `Detached task "audit" failed (trace ${task.traceId}): TypeError: no disk`,
        traceId: task.traceId,
      },
    ]);
    expect(spans.one('request').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('D5 takes an HTTP exception for an error, since there is nobody to answer', async () => {
    const tracing = await start();
    await tracing.detach('audit', () => Promise.reject(new HttpException('gone', 404))).done;
    expect(spans.one('audit').status.code).toBe(SpanStatusCode.ERROR);
  });

  it('D5 records falsy failures too', async () => {
    const tracing = await start();
    await tracing.detach('audit', () => Promise.reject(undefined as unknown as Error)).done;
    expect(spans.one('audit').attributes['error.type']).toBe('undefined');
    expect(errors).toHaveLength(1);
  });

  it('D7 runs no more than maxConcurrent at once, first in first out, and records the wait', async () => {
    const tracing = await start({ maxConcurrent: 2 });
    const begun: number[] = [];
    let most = 0;
    const work = (index: number) => async (): Promise<void> => {
      begun.push(index);
      most = Math.max(most, tracing.stats().detached.running);
      await sleep(5);
    };
    const tasks = [0, 1, 2, 3, 4].map((index) => tracing.detach(`task ${index}`, work(index)));
    expect(tracing.stats().detached).toMatchObject({ running: 2, pending: 3 });
    await Promise.all(tasks.map((task) => task.done));
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
    expect(spans.one('task 4').attributes['async.task.queue_wait_ms']).toBeGreaterThan(0);
  });

  it('D7 begins what has waited in the async context it was detached in', async () => {
    const tracing = await start({ maxConcurrent: 1 });
    const tenants = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const work = async (): Promise<void> => {
      seen.push(tenants.getStore());
      await sleep(1);
    };
    tenants.run('a', () => tracing.detach('first', work));
    await tenants.run('b', () => tracing.detach('second', work)).done;
    expect(seen).toEqual(['a', 'b']);
  });

  it('D7 reject: refuses what is over the limits, counted, logged and seen on the origin', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const tracing = await start({ maxConcurrent: 1, maxPending: 1 });
    const refused = tracing.span('request', () => {
      for (const name of ['runs', 'waits']) tracing.detach(name, () => sleep(5));
      return [1, 2].map(() => rejection(() => tracing.detach('refused', () => undefined)));
    });
    expect(refused).toMatchObject([
      { task: 'refused', reason: 'overflow' },
      { task: 'refused', reason: 'overflow' },
    ]);
    expect(refused[0]?.message).toContain('Raise detached.maxConcurrent');
    expect(tracing.stats().detached).toMatchObject({
      running: 1,
      pending: 1,
      overflow: { reject: 2 },
    });
    expect(spans.one('request').events.map((event) => event.name)).toContain(
      'async.detached.rejected',
    );
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain(
      'Tasks beyond them: 1 (reject), the last one "refused"',
    );
  });

  it('D7 run-inline: the caller runs it at once, over the limit', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const tracing = await start({ maxConcurrent: 1, maxPending: 0, overflow: 'run-inline' });
    const first = tracing.detach('first', () => sleep(5));
    const order: string[] = [];
    const second = tracing.detach('second', () => order.push('task'));
    order.push('caller');
    expect(order).toEqual(['task', 'caller']);
    expect(tracing.stats().detached.overflow['run-inline']).toBe(1);
    await Promise.all([first.done, second.done]);
    expect(spans.one('second').attributes['async.detached.overflow']).toBe('run-inline');
  });

  it('D7 drop-oldest: gives up what has waited longest', async () => {
    vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const tracing = await start({ maxConcurrent: 1, maxPending: 1, overflow: 'drop-oldest' });
    const ran: string[] = [];
    const detach = (name: string) =>
      tracing.detach(name, async () => {
        ran.push(name);
        await sleep(2);
      });
    const tasks = ['first', 'oldest', 'newest'].map(detach);
    await Promise.all(tasks.map((task) => task.done));
    expect(ran).toEqual(['first', 'newest']);
    expect(spans.one('oldest').attributes['async.task.outcome']).toBe('not_started');
    expect(spans.one('oldest').status.code).toBe(SpanStatusCode.ERROR);
    expect(tracing.stats().detached).toMatchObject({
      overflow: { 'drop-oldest': 1 },
      ended: { ok: 2, not_started: 1 },
    });
  });

  it('D8 holds a task that nobody else does until it ends, and no longer', async () => {
    const tracing = await start({}, 100);
    const collect = exposedCollector();
    const held = (() => {
      const work = ({ signal }: TaskContext): Promise<never> =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
      tracing.detach('audit', work);
      return new WeakRef(work);
    })();
    await sleep(5);
    collect();
    expect(held.deref()).toBeDefined();
    await moduleRef?.close();
    await sleep(5);
    collect();
    expect(held.deref()).toBeUndefined();
    expect(tracing.stats().detached).toMatchObject({ running: 0, ended: { cancelled: 1 } });
  });

  it('D8 ends 2,000 tasks that succeed, fail, hang and are cancelled at random, each once', async () => {
    const tracing = await start({ maxConcurrent: 16, maxPending: 2000 });
    let seed = 42;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const work = async ({ signal }: TaskContext): Promise<void> => {
      if (random() < 0.5) await sleep(random() * 3);
      if (random() < 0.3) throw new Error('random');
      if (random() < 0.1) await sleep(10_000, undefined, { signal });
    };
    const tasks = Array.from({ length: 2000 }, () => tracing.detach('task', work));
    const cancelling = setInterval(() => {
      for (const task of tasks) if (random() < 0.05) task.cancel();
    }, 5);
    await Promise.all(tasks.map((task) => task.done));
    clearInterval(cancelling);
    const { running, pending, ended } = tracing.stats().detached;
    expect([running, pending]).toEqual([0, 0]);
    expect(Object.values(ended).reduce((sum, count) => sum + count)).toBe(2000);
    expect(spans.named('task')).toHaveLength(2000);
    const recorded = Map.groupBy(spans.named('task'), (s) => s.attributes['async.task.outcome']);
    for (const [outcome, count] of Object.entries(ended)) {
      expect([outcome, recorded.get(outcome)?.length ?? 0]).toEqual([outcome, count]);
    }
    expect(errors).toHaveLength(ended.error);
  });

  it('cancels a running task through its signal: recorded as cancelled, not logged', async () => {
    const tracing = await start();
    const task = tracing.detach('audit', ({ signal }) => sleep(10_000, undefined, { signal }));
    await sleep(1);
    task.cancel(new Error('not needed any more'));
    await task.done;
    expect(spans.one('audit').attributes).toMatchObject({
      'async.task.outcome': 'cancelled',
      'async.task.cancel.reason': 'Error: not needed any more',
    });
    expect(spans.one('audit').status.code).toBe(SpanStatusCode.ERROR);
    expect(errors).toEqual([]);
    task.cancel('again');
    expect(tracing.stats().detached.ended).toMatchObject({ cancelled: 1 });
  });

  it('leaves the status of a cancelled task UNSET by the option cancelled', async () => {
    const tracing = await start({}, 1000, 'unset');
    const task = tracing.detach('audit', ({ signal }) => sleep(10_000, undefined, { signal }));
    await sleep(1);
    task.cancel();
    await task.done;
    expect(spans.one('audit').status.code).toBe(SpanStatusCode.UNSET);
    expect(spans.one('audit').attributes['async.task.outcome']).toBe('cancelled');
  });

  it('takes an AbortError of another signal for a failure', async () => {
    const tracing = await start();
    await tracing.detach('audit', () => AbortSignal.abort().throwIfAborted()).done;
    expect(spans.one('audit').attributes['async.task.outcome']).toBe('error');
  });

  it('never begins a task that is cancelled while it waits', async () => {
    const tracing = await start({ maxConcurrent: 1 });
    const first = tracing.detach('first', () => sleep(5));
    const work = vi.fn();
    const second = tracing.detach('second', work);
    second.cancel();
    await Promise.all([first.done, second.done]);
    expect(work).not.toHaveBeenCalled();
    expect(spans.one('second').attributes['async.task.outcome']).toBe('not_started');
  });

  it('calls abort listeners in the context of the task', async () => {
    const tracing = await start();
    let seen: string | undefined;
    const task = tracing.detach('audit', ({ signal }) => {
      signal.addEventListener('abort', () => (seen = trace.getActiveSpan()?.spanContext().traceId));
      return sleep(10_000, undefined, { signal });
    });
    await sleep(1);
    tracing.span('admin', () => task.cancel());
    await task.done;
    expect(seen).toBe(task.traceId);
  });
});

describe('detach, misused', () => {
  it.each([
    ['no name', () => ['', () => undefined], 'detach() needs a name'],
    ['no function', () => ['audit'], 'detach("audit") needs a function to call.'],
    ['a promise', () => ['audit', Promise.resolve()], 'It got a promise'],
    [
      'an unknown option',
      () => ['audit', { sample: 1 }, sleep],
      'detach("audit"), sample: there is no such option',
    ],
    ['a wrong value', () => ['audit', { parent: 'sibling' }, sleep], 'write "link" or "child"'],
    [
      'the name as an option',
      () => ['audit', { name: 'x' }, sleep],
      'detach("audit"), name: there is no such option',
    ],
  ])('answers %s with what to do', async (_, args, message) => {
    const tracing = await start();
    const detach = tracing.detach.bind(tracing) as (...given: unknown[]) => unknown;
    expect(() => detach(...args())).toThrow(new RegExp(message.replace(/[()]/g, '\\$&')));
    expect(tracing.stats().detached.running).toBe(0);
  });

  it.each([
    [{ maxConcurrent: 0 }, 'detached.maxConcurrent: write a whole number above 0'],
    [{ maxPending: -1 }, 'detached.maxPending: write a number, 0 or more'],
    [{ overflow: 'drop' }, 'detached.overflow: write "reject", "run-inline" or "drop-oldest"'],
    [{ baggage: 'tenant' }, 'detached.baggage: write true, false or an array of baggage keys'],
    [
      { maxConcurent: 1 },
      'detached.maxConcurent: there is no such option; did you mean "maxConcurrent"?',
    ],
    [{ speed: 1 }, 'detached.speed: there is no such option; known are maxConcurrent, maxPending'],
  ])('refuses the module option %o', (detached, message) => {
    const options = { strict: true, detached } as TracingModuleOptions;
    expect(() => TracingModule.forRoot(options)).toThrow(message);
  });
});

function rejection(fn: () => unknown): DetachedRejectedError | undefined {
  try {
    fn();
    return undefined;
  } catch (error) {
    return error as DetachedRejectedError;
  }
}

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
