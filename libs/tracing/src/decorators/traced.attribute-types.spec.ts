import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { Detached, SpanAttribute, Traced, TracingModule, TracingService } from '../index.js';
import type { GroupOptions } from '../index.js';
import { recordSpans } from '../testing/index.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

interface Order {
  readonly id: string;
}

/** What the compiler refuses: without its directive each of these lines is an error. */
class Refused {
  // @ts-expect-error -- an object is no attribute value
  @Traced({ attributes: { order: { id: 1 } } })
  fixed(): void {}

  // @ts-expect-error -- an object is no attribute value
  @Traced({ attributes: (order: Order) => ({ order }) })
  read(_order: Order): void {}

  // @ts-expect-error -- an object is no attribute value
  @Traced({ result: (order: Order) => ({ order }) })
  result(): Order {
    return { id: 'a' };
  }

  // @ts-expect-error -- AnnotateTheParametersOfThisCallback is not assignable to an attribute value
  @Traced({ attributes: (id) => ({ 'order.id': id }) })
  unannotated(_id: string): void {}

  // @ts-expect-error -- AnnotateTheParametersOfThisCallback is not assignable to an attribute value
  @Traced({ result: (id) => ({ 'order.id': id }) })
  unannotatedResult(): string {
    return 'a';
  }

  // @ts-expect-error -- AnnotateTheParametersOfThisCallback is not assignable to an attribute value
  @Detached({ attributes: (id) => ({ 'order.id': id }) })
  async detached(_id: string): Promise<void> {}

  // @ts-expect-error -- an object is no attribute value
  parameter(@SpanAttribute('order', (order: Order) => order) _order: Order): void {}
}

/** What it takes. */
class Taken {
  @Traced({ attributes: { n: 1n, at: new Date(0), list: ['a', null], none: undefined } })
  values(): void {}

  @Traced({ attributes: (id: string) => ({ id }), result: (lines: number) => ({ lines }) })
  async annotated(id: string, more?: number): Promise<number> {
    return id.length + (more ?? 0);
  }

  @Traced({ name: 'any', attributes: () => ({ a: 1 }) })
  withoutParameters(first?: string, ...rest: number[]): number {
    return rest.length + (first?.length ?? 0);
  }
}

describe('attributes that are no attributes', () => {
  it('T14 do not compile', async () => {
    const options: GroupOptions = {
      // @ts-expect-error -- an object is no attribute value
      attributes: { order: { id: 1 } },
    };
    const call = (tracing: TracingService): void => {
      // @ts-expect-error -- an object is no attribute value
      tracing.setAttributes({ order: { id: 1 } });
      // @ts-expect-error -- an object is no attribute value
      tracing.span('a', { attributes: { order: { id: 1 } } }, () => undefined);
    };
    expect([typeof call, typeof options, new Refused().result().id]).toEqual([
      'function',
      'object',
      'a',
    ]);
    new Taken().values();
    expect(spans.one('Taken.values').attributes).toMatchObject({
      n: 1,
      at: '1970-01-01T00:00:00.000Z',
      list: ['a', null],
    });
    expect(await new Taken().annotated('a')).toBe(1);
    expect(new Taken().withoutParameters('a', 1)).toBe(2);
  });

  it('T14 are warned about by the application’s logger, once for each key', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const app = await Test.createTestingModule({ imports: [TracingModule.forRoot()] }).compile();
    warn.mockClear();
    const untyped = { order: { id: 1 }, run: () => 1 } as never;
    for (let call = 0; call < 3; call += 1) {
      app.get(TracingService).span('place', { attributes: untyped }, () => undefined);
    }
    const texts = warn.mock.calls.map(([text]) => String(text));
    warn.mockRestore();
    await app.close();
    expect(texts).toEqual([
      'The attribute "order" is dropped: an object is no attribute value; ' +
        "name its parts, as in { 'order.id': order.id }.",
      'The attribute "run" is dropped: a value of type function is no attribute value.',
    ]);
  });
});
