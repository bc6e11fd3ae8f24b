import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Traced } from '../../index.js';
import type { SpanRecorder } from '../../testing/index.js';
import { recordSpans } from '../../testing/index.js';

let spans: SpanRecorder;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => spans.stop());

function throwing(before: (resolve: (value: number) => void) => void): PromiseLike<number> {
  const then = (resolve: (value: number) => void): never => {
    before(resolve);
    throw new Error('cannot be compiled');
  };
  // oxlint-disable-next-line unicorn/no-thenable -- being one is the point
  return Object.defineProperty({}, 'then', {
    value: then,
    configurable: true,
  }) as PromiseLike<number>;
}

describe('a thenable whose then throws', () => {
  class Queries {
    @Traced()
    run(before: (resolve: (value: number) => void) => void = () => undefined): PromiseLike<number> {
      return throwing(before);
    }
  }

  it('has failed, and so has its span', async () => {
    await expect(async () => await new Queries().run()).rejects.toThrow('cannot be compiled');
    expect(spans.finished.map(({ name, status }) => [name, status.message])).toEqual([
      ['Queries.run', 'cannot be compiled'],
    ]);
  });

  it('has not failed any more if it had settled before', async () => {
    await expect(new Queries().run((resolve) => resolve(7))).resolves.toBe(7);
    expect(spans.finished.map(({ name, status }) => [name, status.code])).toEqual([
      ['Queries.run', 0],
    ]);
  });
});
