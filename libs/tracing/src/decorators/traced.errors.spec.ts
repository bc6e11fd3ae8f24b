import { HttpException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import { SpanStatusCode } from '@opentelemetry/api';
import { lastValueFrom, throwError } from 'rxjs';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

class Throwing {
  @Traced('throws')
  sync(error: unknown): never {
    throw error;
  }

  @Traced('throws')
  async async(error: unknown): Promise<never> {
    await Promise.resolve();
    throw error;
  }

  @Traced('throws')
  promise(error: unknown): Promise<never> {
    return Promise.reject(error);
  }

  @Traced('throws')
  *generator(error: unknown): Generator<never, never> {
    throw error;
  }

  @Traced('throws')
  observable(error: unknown) {
    return throwError(() => error);
  }

  @Traced('throws')
  thenable(error: unknown): PromiseLike<never> {
    return { then: (_, onRejected) => Promise.reject(error).then(undefined, onRejected) };
  }
}

const throwing = new Throwing();

const ways: Record<string, (error: unknown) => unknown> = {
  sync: (error) => throwing.sync(error),
  async: (error) => throwing.async(error),
  promise: (error) => throwing.promise(error),
  generator: (error) => throwing.generator(error).next(),
  observable: (error) => lastValueFrom(throwing.observable(error)),
  thenable: async (error) => await throwing.thenable(error),
};

async function caught(run: () => unknown): Promise<{ error: unknown }> {
  try {
    await run();
  } catch (error) {
    return { error };
  }
  throw new Error('nothing was thrown');
}

const values: [string, unknown][] = [
  ['an Error', new Error('plain')],
  ['undefined', undefined],
  ['null', null],
  ['a string', 'text'],
  ['0', 0],
  ['a symbol', Symbol('sign')],
  ['a frozen error', Object.freeze(new Error('frozen'))],
  ['an error with hostile getters', hostileError()],
];

function hostileError(): Error {
  const error = new Error('hostile');
  const throws = (): never => {
    throw new Error('getter');
  };
  return Object.defineProperties(error, {
    message: { get: throws },
    stack: { get: throws },
    name: { get: throws },
    cause: { get: throws },
  });
}

describe('what a method throws', () => {
  for (const [way, run] of Object.entries(ways)) {
    for (const [kind, value] of values) {
      it(`T4 reaches the caller as it is: ${kind}, ${way}`, async () => {
        const { error } = await caught(() => run(value));
        expect(Object.is(error, value)).toBe(true);
        expect(spans.named('throws')).toHaveLength(1);
        expect(spans.one('throws').status.code).toBe(SpanStatusCode.ERROR);
      });
    }
  }
});

describe('a recorded exception', () => {
  it('T5 has type, message and stack, once per span', async () => {
    class Layers {
      @Traced()
      outer(): never {
        return this.inner();
      }

      @Traced()
      inner(): never {
        throw new RangeError('too far');
      }
    }
    await caught(() => new Layers().outer());
    for (const span of spans.finished) {
      expect(span.events).toHaveLength(1);
      expect(span.events[0]).toMatchObject({
        name: 'exception',
        attributes: { 'exception.type': 'RangeError', 'exception.message': 'too far' },
      });
      expect(span.events[0]?.attributes?.['exception.stacktrace']).toContain('Layers.inner');
      expect(span.attributes['error.type']).toBe('RangeError');
      expect(span.status.message).toBe('too far');
    }
    expect(spans.tree()).toBe('Layers.outer status=ERROR\n  Layers.inner status=ERROR');
  });

  it('T5 shows the chain of causes in the stack, a circular one too', async () => {
    const root = new Error('disk full');
    const error = new Error('cannot save', { cause: new Error('cannot write', { cause: root }) });
    root.cause = error;
    await caught(() => throwing.sync(error));
    const stack = spans.one('throws').events[0]?.attributes?.['exception.stacktrace'];
    expect(stack).toMatch(
      /cannot save[^]*Caused by: Error: cannot write[^]*Caused by: Error: disk full/,
    );
  });

  it('T5 records the inner errors of an AggregateError', async () => {
    const error = new AggregateError([new TypeError('a'), new RangeError('b')], 'both');
    await caught(() => throwing.sync(error));
    const types = spans.one('throws').events.map((event) => event.attributes?.['exception.type']);
    expect(types).toEqual(['AggregateError', 'TypeError', 'RangeError']);
  });

  it('T5 takes the class for the type, not the code', async () => {
    await caught(() => throwing.sync(Object.assign(new Error('no'), { code: 'ECONNREFUSED' })));
    await caught(() => throwing.sync(new DOMException('stop', 'AbortError')));
    const types = spans.named('throws').map((span) => span.attributes['error.type']);
    expect(types).toEqual(['Error', 'AbortError']);
  });
});

describe('an expected error', () => {
  const statusOf = async (error: unknown): Promise<[number, number]> => {
    await caught(() => throwing.async(error));
    const { status, events } = spans.one('throws');
    spans.reset();
    return [status.code, events.length];
  };

  it('T6 leaves the status UNSET and is recorded: an HTTP exception below 500', async () => {
    expect(await statusOf(new NotFoundException())).toEqual([SpanStatusCode.UNSET, 1]);
    expect(await statusOf(new HttpException('teapot', 418))).toEqual([SpanStatusCode.UNSET, 1]);
  });

  it('T6 is not what a server error is', async () => {
    expect(await statusOf(new InternalServerErrorException())).toEqual([SpanStatusCode.ERROR, 1]);
  });

  it('T6 can be decided by the method', async () => {
    class Stock {
      @Traced({ errors: (error) => (error === 'sold out' ? 'expected' : 'error') })
      take(error: string): never {
        throw error;
      }
    }
    await caught(() => new Stock().take('sold out'));
    await caught(() => new Stock().take('broken'));
    expect(spans.finished.map((span) => span.status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.ERROR,
    ]);
  });

  it('T7 is an error if the policy itself throws', async () => {
    class Stock {
      @Traced({
        errors: () => {
          throw new Error('policy');
        },
      })
      take(): never {
        throw new Error('broken');
      }
    }
    const { error } = await caught(() => new Stock().take());
    expect(error).toMatchObject({ message: 'broken' });
    expect(spans.one('Stock.take').status.code).toBe(SpanStatusCode.ERROR);
  });
});
