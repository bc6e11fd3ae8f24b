import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { context, propagation, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { recordSpans } from 'nestjs-tracing/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AutomaticApp } from './support/automatic-app.js';
import { startAutomatic } from './support/automatic-app.js';
import { exposedCollector } from '../support/exposed-collector.js';

/** A tree of so many levels, each of whose nodes has two below it. */
interface Tree {
  readonly below: readonly Tree[];
}

@Injectable()
class Trees {
  depth(left: number): number {
    return left === 0 ? 0 : 1 + this.depth(left - 1);
  }

  async later(left: number): Promise<number> {
    await Promise.resolve();
    return left === 0 ? 0 : 1 + (await this.later(left - 1));
  }

  fibonacci(of: number): number {
    return of < 2 ? of : this.fibonacci(of - 1) + this.fibonacci(of - 2);
  }

  node(tree: Tree): number {
    return 1 + this.below(tree.below);
  }

  below(trees: readonly Tree[]): number {
    return trees.reduce((sum, tree) => sum + this.node(tree), 0);
  }

  inBaggage(left: number): number {
    const baggage = propagation.createBaggage({ level: { value: String(left) } });
    const ctx = propagation.setBaggage(context.active(), baggage);
    const again = trace.setSpan(ctx, trace.getSpan(ctx)!);
    return left === 0 ? 0 : 1 + context.with(again, () => this.inBaggage(left - 1));
  }

  *walk(left: number): Generator<number> {
    yield left;
    if (left > 0) yield* this.walk(left - 1);
  }

  fails(left: number): number {
    if (left === 0) throw new Error('the deepest');
    return this.fails(left - 1);
  }

  async outlives(left: number, gate: Promise<void>): Promise<void> {
    await gate;
    if (left > 0) await this.outlives(left - 1, gate);
  }

  /** Each level calls the next one and does not wait for it. */
  async goesOn(left: number, seen: WeakRef<object>[], gate: Promise<void>): Promise<void> {
    seen.push(new WeakRef(trace.getActiveSpan() as object));
    await sleep(1);
    if (left === 0) await gate;
    else void this.goesOn(left - 1, seen, gate);
  }

  whereAmI(left: number): string | undefined {
    return left === 0 ? trace.getActiveSpan()?.spanContext().spanId : this.whereAmI(left - 1);
  }
}

@Injectable()
class OtherTrees {
  constructor(private readonly trees: Trees) {}

  depth(left: number): number {
    return left === 0 ? this.trees.depth(2) : this.depth(left - 1);
  }
}

function treeOf(levels: number): Tree {
  return { below: levels === 0 ? [] : [treeOf(levels - 1), treeOf(levels - 1)] };
}

describe('automatic methods that call themselves', () => {
  const spans = recordSpans();
  let running: AutomaticApp;
  let trees: Trees;

  beforeAll(async () => {
    running = await startAutomatic({ providers: [Trees, OtherTrees] });
    trees = running.app.get(Trees);
  });
  afterEach(() => spans.reset());
  afterAll(async () => {
    await running.close();
    await spans.stop();
  });

  const inSpan = <T>(work: () => T): T => running.tracing.span('parent', work);
  const isSummary = ({ attributes }: ReadableSpan) => 'async.collapsed.count' in attributes;
  const countOf = (name: string): unknown =>
    spans.named(name).find(isSummary)?.attributes['async.collapsed.count'];
  const namesBelow = (span: ReadableSpan) => spans.childrenOf(span).map(({ name }) => name);

  it('AU13 AU15 have a span for each of the first levels, and one for all that are deeper', () => {
    expect(inSpan(() => trees.depth(500))).toBe(500);
    expect(spans.named('Trees.depth')).toHaveLength(21);
    expect(countOf('Trees.depth')).toBe(481);
    // The first levels are below each other; the span of all others is beside the first.
    expect(namesBelow(spans.one('parent'))).toEqual(['Trees.depth', 'Trees.depth']);
    const summary = spans.named('Trees.depth').find(isSummary)!;
    expect(summary.attributes['code.function.name']).toBe('Trees.depth');
    spans.assertNoOpenSpans();
  });

  it('AU15 collapse where they wait', async () => {
    expect(await inSpan(() => trees.later(200))).toBe(200);
    expect(spans.named('Trees.later')).toHaveLength(21);
    expect(countOf('Trees.later')).toBe(181);
  });

  it('AU15 collapse where each calls itself more than once', () => {
    expect(inSpan(() => trees.fibonacci(15))).toBe(610);
    expect(spans.named('Trees.fibonacci')).toHaveLength(21);
    expect(countOf('Trees.fibonacci')).toBe(1973 - 20);
  });

  it('AU15 collapse where two call each other', () => {
    expect(inSpan(() => trees.node(treeOf(7)))).toBe(255);
    expect(spans.named('Trees.node').length).toBeLessThanOrEqual(21);
    expect(spans.named('Trees.below').length).toBeLessThanOrEqual(21);
    expect(countOf('Trees.node')).toBe(235);
  });

  it('AU15 collapse where each level has a context of its own', () => {
    expect(inSpan(() => trees.inBaggage(60))).toBe(60);
    expect(spans.named('Trees.inBaggage')).toHaveLength(21);
    expect(countOf('Trees.inBaggage')).toBe(41);
  });

  it('AU15 collapse generators that delegate to themselves', () => {
    expect(inSpan(() => [...trees.walk(99)])).toHaveLength(100);
    expect(spans.named('Trees.walk')).toHaveLength(21);
    expect(countOf('Trees.walk')).toBe(80);
  });

  it('AU16 record failures of the deeper levels, up to the limit', () => {
    expect(() => inSpan(() => trees.fails(99))).toThrow('the deepest');
    const retroactive = spans
      .named('Trees.fails')
      .filter(({ attributes }) => attributes['async.collapsed.retroactive'] === true);
    expect(retroactive).toHaveLength(10);
    expect(spans.named('Trees.fails')).toHaveLength(20 + 10 + 1);
  });

  it('AU15 have the deepest span active below it', () => {
    const id = inSpan(() => trees.whereAmI(50));
    const deepest = spans
      .named('Trees.whereAmI')
      .find((span) => !isSummary(span) && spans.childrenOf(span).length === 0);
    expect(id).toBe(deepest?.spanContext().spanId);
  });

  it('AU15 leave no orphan where they outlive the parent', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = inSpan(() => ({ done: trees.outlives(60, promise) }));
    resolve();
    await late.done;
    const ids = new Set(spans.finished.map((span) => span.spanContext().spanId));
    for (const { parentSpanContext, name } of spans.finished) {
      if (name !== 'parent') expect(ids).toContain(parentSpanContext?.spanId);
    }
    spans.assertNoOpenSpans();
  });

  it('AU20 keep nothing of levels that ended long ago while the latest still runs', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const seen: WeakRef<object>[] = [];
    inSpan(() => void trees.goesOn(40, seen, promise));
    await expect.poll(() => seen.length).toBe(41);
    await sleep(1);
    spans.reset();
    exposedCollector()();
    expect(seen[5]?.deref()).toBeUndefined();
    expect(seen.at(-1)?.deref()).toBeDefined();
    resolve();
    await expect.poll(() => spans.named('Trees.goesOn')).toHaveLength(1);
  });

  it('AU13 tell methods of the same name apart by their classes', () => {
    expect(inSpan(() => running.app.get(OtherTrees).depth(3))).toBe(2);
    expect(spans.named('Trees.depth')).toHaveLength(3);
    expect(spans.named('OtherTrees.depth')).toHaveLength(4);
    expect(namesBelow(spans.one('parent'))).toEqual(['OtherTrees.depth']);
  });
});
