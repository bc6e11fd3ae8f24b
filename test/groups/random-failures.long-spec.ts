import fc from 'fast-check';
import { TaskNotStartedError } from 'nestjs-tracing';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Step } from './model/group-driver.js';
import { GroupDriver, settle } from './model/group-driver.js';
import { turn, watchRejections } from './tasks.js';

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant('spawn' as const) },
    { weight: 12, arbitrary: fc.constant('end child' as const) },
    { weight: 2, arbitrary: fc.constant('end body' as const) },
    { weight: 1, arbitrary: fc.constant('cancel' as const) },
    { weight: 1, arbitrary: fc.constant('expire' as const) },
    { weight: 1, arbitrary: fc.constant('abort' as const) },
  ),
  pick: fc.nat(1000),
  flavour: fc.nat(1000),
});

const scenario = fc.record({
  concurrency: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  onError: fc.constantFrom('cancel' as const, 'continue' as const, 'continue' as const),
  bodyObeys: fc.boolean(),
  steps: fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

describe('a tree of groups under random events', () => {
  let spans: SpanRecorder;
  beforeAll(() => {
    spans = recordSpans();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });
  afterAll(async () => {
    vi.useRealTimers();
    await spans.stop();
  });

  async function play({ steps, concurrency, onError, bodyObeys }: Scenario): Promise<GroupDriver> {
    spans.reset();
    const options = concurrency === undefined ? { onError } : { onError, concurrency };
    const driver = new GroupDriver(options, bodyObeys);
    await turn();
    for (const event of steps) await driver.step(event);
    await driver.finish();
    return driver;
  }

  /** Everything that the model says, and the same of the real groups. */
  async function compare(driver: GroupDriver): Promise<void> {
    expect(await driver.result).toEqual(driver.root.result);
    expect(driver.tooMany).toBe(0);
    for (const { model, group } of driver.groups) {
      expect(group.errors).toEqual(model.failures);
      expect(spans.one(model.name).attributes).toMatchObject({
        'async.task.outcome': model.outcome,
        'async.group.tasks.total': model.children.length,
        'async.group.tasks.ok': model.count('ok'),
        'async.group.tasks.error': model.count('error'),
        'async.group.tasks.cancelled': model.count('cancelled'),
        'async.group.tasks.not_started': model.count('not_started'),
      });
    }
    const outcomes = new Map(
      spans.finished.map((span) => [span.name, span.attributes['async.task.outcome']]),
    );
    for (const { model, handle } of driver.children) {
      const ending = await settle(handle);
      expect('value' in ending).toBe(model.state === 'ok');
      const refused = 'error' in ending && ending.error instanceof TaskNotStartedError;
      expect(refused).toBe(model.state === 'not_started');
      expect(outcomes.get(model.name)).toBe(refused ? undefined : model.state);
    }
    spans.assertNoOpenSpans();
  }

  it('throws what the model throws and records its outcomes, through 10,000 failures', async () => {
    const rejections = watchRejections();
    let failed = 0;
    const seen = new Set<string>();
    for (let seed = 1; failed < 10_000; seed += 1) {
      await fc.assert(
        fc.asyncProperty(scenario, async (events) => {
          const driver = await play(events);
          failed += driver.failed;
          for (const { model } of driver.children) seen.add(model.state);
          await compare(driver);
        }),
        { numRuns: 100, seed },
      );
    }
    await turn();
    rejections.stop();
    expect(rejections.seen).toEqual([]);
    expect([...seen].sort()).toEqual(['cancelled', 'error', 'not_started', 'ok']);
  }, 120_000);
});
