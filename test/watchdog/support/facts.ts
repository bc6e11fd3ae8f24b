import { beforeAll, expect, it } from 'vitest';
import { OtlpCollector } from '../../support/otlp-collector.js';
import { factsOf } from './fixture.js';
import type { Told } from './told.js';
import { blocksOf, spanNamed } from './told.js';

interface Facts extends Record<'one' | 'root' | 'two' | 'short' | 'waiting' | 'garbage', Told> {
  readonly noSpan: Told;
  readonly sampledOut: Told;
  readonly again: Told;
  readonly lines: Readonly<Record<'one' | 'first' | 'second', number>>;
  readonly idle: { readonly timers: number; readonly share: number };
  readonly global: {
    readonly isEnumerable: boolean;
    readonly isRegistered: boolean;
    readonly isThereAfter: boolean;
  };
}

/** Of the block of the fixture; its machine may be busy, so it may last longer. */
const MILLIS = 400;
/** A block is seen up to a poll after it began; on a busy machine its thread has to wait as well. */
const TOLERANCE = 100;

/** What spans and log say, wherever the watcher lives. */
export function describeFacts(host: 'export' | 'own'): void {
  let facts: Facts;
  beforeAll(async () => {
    const collector = await OtlpCollector.start();
    facts = await factsOf<Facts>('facts.mjs', [host], { env: { ENDPOINT: collector.url } });
    await collector.close();
  });

  it('K1 names span and line of a loop after an await, and blames no other span', () => {
    const [block, ...more] = blocksOf(facts.one);
    expect(more).toEqual([]);
    expect(block?.span.name).toBe('blocked');
    expect(block?.attributes).toMatchObject({
      'event_loop.blocked.cause': 'js',
      'code.function.name': 'one',
      'code.file.path': expect.stringMatching(/fixtures\/facts\.mjs$/),
      'code.line.number': facts.lines.one,
    });
    expect(block?.millis).toBeGreaterThan(MILLIS - TOLERANCE);
    expect(Math.abs((block?.millis ?? 0) - facts.one.blockedMillis)).toBeLessThan(TOLERANCE + 50);
  });

  it('K20 tells every open span that had no part in it how long it has waited', () => {
    const others = facts.one.spans.filter(({ name }) => name.startsWith('other'));
    expect(others).toHaveLength(50);
    for (const { attributes } of others) {
      expect(attributes['event_loop.wait_ms']).toBeGreaterThan(MILLIS / 2);
    }
    expect(spanNamed(facts.one, 'parent').attributes).not.toHaveProperty('event_loop.wait_ms');
    expect(spanNamed(facts.one, 'blocked').attributes).not.toHaveProperty('event_loop.wait_ms');
  });

  it('K5 marks a root that ends in the turn of its block before it is exported', () => {
    const [block] = blocksOf(facts.root);
    expect(block?.span.name).toBe('root');
    expect(block?.span.attributes['event_loop.blocked_ms']).toBeGreaterThan(MILLIS - TOLERANCE);
    // The turn had begun before it.
    expect(block?.sinceStart).toBeGreaterThanOrEqual(0);
  });

  it('K6 divides a stall among the spans that have blocked in one turn', () => {
    const blocks = blocksOf(facts.two);
    expect(blocks.map(({ span }) => span.name).toSorted()).toEqual(['first', 'second']);
    const sum = blocks.reduce((all, { millis }) => all + millis, 0);
    expect(sum).toBeLessThanOrEqual(facts.two.blockedMillis + TOLERANCE);
    expect(sum).toBeGreaterThan(MILLIS - TOLERANCE);
    for (const { attributes } of blocks) {
      expect(attributes['code.stacktrace']).toMatch(/facts\.mjs:(62|63)\)/);
    }
  });

  it('K6 says nothing of short blocks in turns of their own', () => {
    // On a machine that is busy with other things even a short one may last longer.
    if (facts.short.stalls > 0) return;
    expect(blocksOf(facts.short)).toEqual([]);
    expect(facts.short.lines).toEqual([]);
  });

  it('K7 tells a wait and garbage collection from running code', () => {
    const [wait] = blocksOf(facts.waiting);
    expect(wait?.attributes['event_loop.blocked.cause']).toBe('waiting');
    const garbage = blocksOf(facts.garbage);
    expect(garbage.length).toBeGreaterThan(0);
    for (const { attributes } of garbage) {
      expect(attributes['event_loop.blocked.cause']).toBe('gc');
      expect(attributes).not.toHaveProperty('code.line.number');
    }
  });

  it('K15 warns with the ids of the blocked span, in its context', () => {
    const { traceId, spanId } = spanNamed(facts.one, 'blocked');
    const [line] = facts.one.lines;
    expect(line).toContain(`in span "blocked" (trace ${traceId}, span ${spanId})`);
    expect(facts.one.seen).toEqual([spanId]);
  });

  it('K15 warns once of a line in ten seconds and counts what it holds back', () => {
    expect(facts.again.lines.length + facts.again.warningsHeldBack).toBeGreaterThanOrEqual(3);
    expect(facts.again.lines.length).toBeLessThanOrEqual(1);
  });

  it('K16 marks no span for a block outside of all, or in one that is left out', () => {
    for (const told of [facts.noSpan, facts.sampledOut]) {
      expect(blocksOf(told)).toEqual([]);
      expect(told.stalls).toBeGreaterThan(0);
      expect(told.lines.length + told.warningsHeldBack).toBeGreaterThan(0);
    }
  });

  it('K21 names the remedy for the kind of call', () => {
    expect(facts.one.lines[0]).toContain('TracingService.offload()');
    expect(facts.waiting.lines[0]).toContain('without Sync in its name');
    expect(facts.garbage.lines.join()).toContain('garbage was collected');
  });

  it('K8 has no timer while no span is open', () => {
    expect(facts.idle.timers).toBe(0);
  });

  it('K17 keeps one hidden global, and only until it is closed', () => {
    expect(facts.global).toEqual({ isEnumerable: false, isRegistered: true, isThereAfter: false });
  });
}
