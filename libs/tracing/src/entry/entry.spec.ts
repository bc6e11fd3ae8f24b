import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { Subject, map } from 'rxjs';
import { SetMetadata, UseFilters } from '@nestjs/common';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from '../decorators/traced.decorator.js';
import { Entry } from './entry.js';
import type { EntrySpec } from './entry-spec.interface.js';
import { ENTRY_OBSERVER } from './exception-observer.js';
import { prepareHandlers } from './handlers.js';
import { OpenEntries } from './open-entries.js';
import { NO_PARENT, linkedRoot, remoteParent } from './remote-parent.js';

const spans = recordSpans();

afterEach(() => {
  vi.useRealTimers();
  spans.reset();
});

afterAll(() => spans.stop());

function open(spec: Partial<EntrySpec> = {}): Entry {
  return new Entry({
    name: 'sum',
    kind: SpanKind.SERVER,
    attributes: {},
    from: NO_PARENT,
    ...spec,
  });
}

/** An exception by shape, as `RpcException` and `WsException` are. */
class Reply extends Error {
  getError(): string {
    return this.message;
  }
}

/** Shows an exception to the observer, as Nest's filters do. */
function show(exception: unknown): boolean {
  const [type] = Reflect.getMetadata('__filterCatchExceptions__', ENTRY_OBSERVER.constructor) as [
    { [Symbol.hasInstance](value: unknown): boolean },
  ];
  return exception instanceof (type as unknown as new () => object);
}

describe('an entry', () => {
  it('M5 records an exception once, however many filters see it, and ends by it', () => {
    const entry = open();
    const failure = new TypeError('broken');
    entry.run(() => [show(failure), show(failure)], undefined, []);
    entry.fail({ status: 'error', message: 'Internal server error' });
    const span = spans.one('sum');
    expect(span.events).toHaveLength(1);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'broken' });
    expect(span.attributes).toMatchObject({
      'error.type': 'TypeError',
      'nestjs.handler.reached': false,
    });
  });

  it('M6 ends once, whoever ends it', () => {
    const entry = open();
    entry.succeed();
    entry.fail(new Error('late'));
    entry.cancel('late');
    entry.abandon();
    expect(spans.one('sum').events).toEqual([]);
    expect(spans.one('sum').status.code).toBe(SpanStatusCode.UNSET);
  });

  it('M20 takes what a caller is told for expected, and for an error where nobody is told', () => {
    open({ name: 'request' }).fail(new Reply('no such order'));
    open({ name: 'event', unanswered: true }).fail(new Reply('no such order'));
    expect(spans.one('request').status.code).toBe(SpanStatusCode.UNSET);
    expect(spans.one('request').attributes['error.type']).toBe('Reply');
    expect(spans.one('event').status.code).toBe(SpanStatusCode.ERROR);
  });

  it('settles by what was seen: an error counts more than a later expected one', () => {
    const entry = open();
    entry.threw(new Error('disk full'));
    entry.threw(new Reply('try again'));
    entry.settle();
    expect(spans.one('sum').status).toMatchObject({ message: 'disk full' });
  });

  it("ends by its protocol's word", () => {
    open({ name: 'a' }).failAs('NOT_FOUND', false);
    open({ name: 'b' }).failAs('INTERNAL', true);
    open({ name: 'c' }).cancel('the client has gone');
    expect(spans.one('a').status.code).toBe(SpanStatusCode.UNSET);
    expect(spans.one('b').status.code).toBe(SpanStatusCode.ERROR);
    expect(spans.one('c').attributes).toEqual({
      'async.task.outcome': 'cancelled',
      'async.task.cancel.reason': 'the client has gone',
    });
  });
});

describe('the parent of an entry', () => {
  const carrier = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
  const getter = {
    get: (headers: Record<string, string>, key: string) => headers[key],
    keys: (headers: Record<string, string>) => Object.keys(headers),
  };

  it('M16 is the caller, if trusted, and a link if not', () => {
    open({ name: 'child', from: remoteParent(carrier, getter, 'all', 'trust') }).succeed();
    open({ name: 'root', from: remoteParent(carrier, getter, () => false, 'trust') }).succeed();
    expect(spans.one('child').parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(spans.one('root').parentSpanContext).toBeUndefined();
    expect(spans.one('root').links[0]?.context.spanId).toBe('00f067aa0ba902b7');
  });

  it('M18 is a link of an event', () => {
    open({ from: linkedRoot(remoteParent(carrier, getter, 'all', 'trust')) }).succeed();
    expect(spans.one('sum').parentSpanContext).toBeUndefined();
    expect(spans.one('sum').links[0]?.context.spanId).toBe('00f067aa0ba902b7');
  });
});

describe('open entries', () => {
  it('M27 ends what is too old as abandoned and names it', () => {
    vi.useFakeTimers();
    const say = vi.fn<(message: string) => void>();
    const entries = new OpenEntries({ maxDurationMillis: 1000, say });
    entries.add(open({ name: 'stuck' }));
    vi.advanceTimersByTime(600);
    const young = open({ name: 'young' });
    entries.add(young);
    vi.advanceTimersByTime(500);
    expect(spans.one('stuck').attributes['async.task.outcome']).toBe('abandoned');
    expect(say).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('"stuck"'));
    expect(entries.size).toBe(1);
    young.succeed();
    vi.advanceTimersByTime(2000);
    expect(say).toHaveBeenCalledOnce();
  });

  it('M27 waits for what runs at a shutdown, until the deadline', async () => {
    const say = vi.fn<(message: string) => void>();
    const entries = new OpenEntries({ maxDurationMillis: 60_000, say });
    const [quick, stuck] = [open({ name: 'quick' }), open({ name: 'stuck' })];
    entries.add(quick);
    entries.add(stuck);
    setTimeout(() => quick.succeed(), 5);
    await entries.stop(40);
    expect(spans.one('quick').status.code).toBe(SpanStatusCode.UNSET);
    expect(spans.one('stuck').attributes['error.type']).toBe('abandoned');
    expect(say).toHaveBeenCalledOnce();
  });
});

describe('the handlers of a class', () => {
  const HANDLER = 'test:handler';
  const isHandler = (method: object) => Reflect.hasMetadata(HANDLER, method);

  it('M4 tell that they were reached, look as before, and are put back by the last application', () => {
    class Sums {
      @SetMetadata(HANDLER, 'sum')
      add(a: number, b: number): number {
        return a + b;
      }
    }
    const { add } = Sums.prototype;
    const [first, second] = [1, 2].map(() => prepareHandlers([{ metatype: Sums }], isHandler));
    expect(Sums.prototype.add).toBe(add);
    const entry = open();
    expect(entry.run((sums: Sums) => add.apply(sums, [1, 2]), undefined, [new Sums()])).toBe(3);
    entry.succeed();
    expect(spans.one('sum').attributes['code.function.name']).toBe('Sums.add');
    first?.();
    expect(Object.hasOwn(add, 'apply')).toBe(true);
    second?.();
    expect(Object.hasOwn(add, 'apply')).toBe(false);
  });

  it('M4 have an `apply` that is theirs alone: a copy, a heir and a wrapper are called themselves', () => {
    class Sums {
      @SetMetadata(HANDLER, 'sum')
      add(a: number, b: number): number {
        return a + b;
      }
    }
    const { add } = Sums.prototype;
    const takeOut = prepareHandlers([{ metatype: Sums }], isHandler);
    const wrapper = () => 'wrapper';
    // oxlint-disable-next-line typescript/unbound-method -- the function itself is asked for
    const { apply } = add;
    expect(Reflect.apply(apply, wrapper, [null, []])).toBe('wrapper');
    Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(add));
    expect(wrapper.apply(null, [])).toBe('wrapper');
    const heir = Object.setPrototypeOf(() => 'heir', add) as () => string;
    expect(heir.apply(null, [])).toBe('heir');
    const proxy = new Proxy(add, { apply: () => 3.5 });
    expect(proxy.apply(new Sums(), [1, 2])).toBe(3.5);
    const traced = Reflect.decorate([Traced() as MethodDecorator], Sums.prototype, 'add', {
      value: add,
    }) as TypedPropertyDescriptor<object>;
    expect(traced.value).not.toBe(add);
    expect(Object.hasOwn(traced.value ?? add, 'apply')).toBe(false);
    takeOut();
  });

  it('M4 are named after the class that was asked, where several inherit one', () => {
    class Sums {
      @SetMetadata(HANDLER, 'sum')
      add(a: number, b: number): number {
        return a + b;
      }
    }
    class First extends Sums {}
    class Second extends Sums {}
    const owners = [First, Second].map((metatype) => ({ metatype }));
    const takeOut = prepareHandlers(owners, isHandler);
    const names = [new First(), new Second()].map((sums) => {
      const entry = open();
      entry.run(() => sums.add.apply(sums, [1, 2]), undefined, []);
      entry.succeed();
      const name = spans.one('sum').attributes['code.function.name'];
      spans.reset();
      return name;
    });
    expect(names).toEqual(['First.add', 'Second.add']);
    takeOut();
    expect(Object.hasOwn(Sums.prototype.add, 'apply')).toBe(false);
  });

  it('M3 deliver a shared stream in the context of the entry, not of whoever feeds it', () => {
    const source = new Subject<number>();
    class Ticks {
      @SetMetadata(HANDLER, 'ticks')
      all() {
        return source.pipe(map((tick) => tick * 2));
      }
    }
    const takeOut = prepareHandlers([{ metatype: Ticks }], isHandler);
    const entry = open();
    const seen: (string | undefined)[] = [];
    const ticks = entry.run((owner: Ticks) => owner.all.apply(owner), undefined, [new Ticks()]);
    ticks.subscribe(() => seen.push(trace.getActiveSpan()?.spanContext().spanId));
    const other = open({ name: 'other' });
    context.with(other.context, () => source.next(1));
    expect(seen).toEqual([entry.span?.spanContext().spanId]);
    entry.succeed();
    other.succeed();
    takeOut();
  });

  it("M5 have the observer asked before the application's own filters", () => {
    class Filter {
      catch(): void {}
    }
    class Sums {
      @UseFilters(Filter)
      @SetMetadata(HANDLER, 'sum')
      add(): void {}
    }
    prepareHandlers([{ metatype: Sums }], isHandler)();
    const filters: unknown = Reflect.getMetadata('__exceptionFilters__', Sums.prototype.add);
    expect(filters).toEqual([Filter, ENTRY_OBSERVER]);
  });
});
