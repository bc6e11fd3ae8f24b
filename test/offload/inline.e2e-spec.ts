import type { HttpException } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import * as work from './fixtures/work.task.mjs';
import type { Offloading } from './offloading.js';
import { inRequest, rejection, startOffloading } from './offloading.js';

let app: Offloading | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** What an application of a backend answers, throws and records. */
async function observe(backend: 'piscina' | 'inline'): Promise<unknown> {
  app = await startOffloading({ backend });
  const { tracing, spans } = app;
  const input = { date: new Date(0), map: new Map([[1, { a: [1n] }]]), bytes: Buffer.from('abc') };
  const moved = new ArrayBuffer(8);
  const { baggage, sampled } = await inRequest(() => tracing.offload(work.ids, undefined));
  const results = [
    await tracing.offload(work.echo, input),
    await tracing.offload(work.nested, 2),
    await tracing.offload(work.byteLength, moved, { transfer: [moved] }),
    { moved: moved.byteLength, baggage, sampled },
  ];
  const errors: unknown[] = [];
  for (const how of ['custom', 'aggregate', 'http', 'undefined', 'text', 'abort', 'plain']) {
    errors.push(describeError(await rejection(tracing.offload(work.failing, how))));
  }
  errors.push(describeError(await rejection(tracing.offload(work.uncloneable, 'class'))));
  errors.push(describeError(await rejection(tracing.offload(work.echo, { fn: () => 1 }))));
  const signal = AbortSignal.timeout(250);
  const call = tracing.offload(work.sleepUntilAborted, undefined, { signal });
  errors.push(describeError(await rejection(call)));
  const tree = spans.tree({
    attributes: ['async.offload.task', 'async.task.outcome', 'error.type'],
  });
  const stats = tracing.stats().offload;
  await app.close();
  app = undefined;
  return { results, errors, tree, stats };
}

function describeError(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { name, message, cause, constructor } = error as Error;
  const status = (error as Partial<HttpException>).getStatus?.();
  return [name, message, cause, constructor.name, status, { ...error }];
}

describe('the inline backend', () => {
  it('W18 gives the same results, errors, spans and figures as workers do', async () => {
    const inWorker = await observe('piscina');
    expect(await observe('inline')).toEqual(inWorker);
  });

  it('W18 hands out copies: a task cannot change what its caller holds', async () => {
    app = await startOffloading({ backend: 'inline' });
    const input = { a: 1 };
    const result = await app.tracing.offload(work.echo, input);
    expect(result).toEqual(input);
    expect(result).not.toBe(input);
  });

  it('W18 gives up on a task that does not listen when the grace is over', async () => {
    app = await startOffloading({ backend: 'inline' });
    const { defineTask } = await import('./built.js');
    const never = defineTask(import.meta.url, 'never', () => new Promise<void>(() => undefined));
    const signal = AbortSignal.timeout(10);
    const call = app.tracing.offload(never, undefined, { signal, graceMillis: 10 });
    expect(await rejection(call)).toBe(signal.reason);
    expect(app.tracing.stats().offload).toMatchObject({ cancelled: 1, running: 0 });
    app.spans.reset();
  });
});
