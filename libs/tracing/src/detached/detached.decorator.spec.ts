import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, SetMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Detached,
  NoTrace,
  SpanAttribute,
  Traced,
  TracingModule,
  TracingService,
} from '../index.js';
import type { TracingModuleOptions } from '../index.js';
import { recordSpans } from '../testing/index.js';

const spans = recordSpans();
const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown): void => void unhandled.push(reason);
process.on('unhandledRejection', noteUnhandled);

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => {
  vi.restoreAllMocks();
  spans.reset();
});

afterAll(async () => {
  process.off('unhandledRejection', noteUnhandled);
  expect(unhandled).toEqual([]);
  await spans.stop();
});

describe('@Detached', () => {
  it('D12 runs a method with its this and arguments in a linked trace of its own', async () => {
    class Audits {
      readonly written: string[] = [];
      @Detached({ attributes: (key: string) => ({ 'audit.key': key }) })
      async write(key: string, @SpanAttribute('audit.by') by?: string): Promise<void> {
        await sleep(1);
        this.written.push(key, by ?? '');
      }
    }
    class Requests {
      readonly audits = new Audits();
      written: Promise<void> | undefined;
      @Traced()
      handle(): void {
        this.written = this.audits.write('user:42', 'me');
      }
    }
    const requests = new Requests();
    requests.handle();
    expect(requests.audits.written).toEqual([]);
    await requests.written;
    expect(requests.audits.written).toEqual(['user:42', 'me']);
    expect(spans.tree({ attributes: ['audit.key', 'audit.by', 'code.function.name'] })).toBe(
      'Requests.handle code.function.name=Requests.handle\n' +
        'Audits.write audit.key=user:42 audit.by=me code.function.name=Audits.write link=Requests.handle',
    );
  });

  it('D12 keeps name, length and metadata, whichever decorator comes first', () => {
    class Audits {
      @SetMetadata('before', 1)
      @Detached()
      @SetMetadata('after', 2)
      async write(_key: string): Promise<void> {}
    }
    const write = Reflect.get(Audits.prototype, 'write') as { name: string; length: number };
    expect([write.name, write.length]).toEqual(['write', 1]);
    expect(Reflect.getMetadata('before', write)).toBe(1);
    expect(Reflect.getMetadata('after', write)).toBe(2);
  });

  it('names static, inherited and symbol-keyed methods after their class', async () => {
    const purge = Symbol('purge');
    class Audits {
      @Detached()
      static async all(): Promise<void> {}
      @Detached('purge audits')
      async [purge](): Promise<void> {}
      @Detached()
      async write(): Promise<void> {}
    }
    class Special extends Audits {}
    await Promise.all([Audits.all(), new Special()[purge](), new Special().write()]);
    expect(spans.finished.map((span) => span.name).toSorted()).toEqual([
      'Audits.all',
      'Audits.write',
      'purge audits',
    ]);
  });

  it('answers a promise for a synchronous method too', async () => {
    class Audits {
      @Detached()
      write(): void {
        throw new Error('full');
      }
    }
    await expect(new Audits().write()).rejects.toThrow('full');
  });

  it('D5 lets whoever awaits the promise see the failure itself, and nobody else', async () => {
    vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const failure = Object.freeze(new Error('full'));
    class Audits {
      @Detached()
      async write(): Promise<void> {
        await sleep(1);
        throw failure;
      }
    }
    const audits = new Audits();
    void audits.write();
    await expect(audits.write()).rejects.toBe(failure);
    expect(spans.named('Audits.write').map((span) => span.status.code)).toEqual([2, 2]);
  });

  it('D5 logs the failure of a method in the context of its span', async () => {
    let logged: string | undefined;
    vi.spyOn(Logger.prototype, 'error').mockImplementation(() => {
      logged = trace.getActiveSpan()?.spanContext().traceId;
    });
    class Audits {
      @Detached()
      async write(): Promise<void> {
        await Promise.reject(new Error('full'));
      }
    }
    await new Audits().write().catch(() => undefined);
    expect(logged).toBe(spans.one('Audits.write').spanContext().traceId);
  });

  it('works with the TC39 signature, and names the span after the class', async () => {
    const decorate = Detached() as (
      method: () => Promise<void>,
      context: unknown,
    ) => () => Promise<void>;
    class Audits {
      async write(): Promise<void> {}
      static async all(): Promise<void> {}
    }
    for (const [target, name] of [
      [Audits.prototype, 'write'],
      [Audits, 'all'],
    ] as const) {
      const members = target as unknown as Record<string, () => Promise<void>>;
      const method = members[name] as () => Promise<void>;
      const value = decorate(method, { kind: 'method', name });
      Object.defineProperty(target, name, { value, configurable: true, writable: true });
    }
    await Promise.all([new Audits().write(), Audits.all()]);
    expect(spans.finished.map((span) => span.name).toSorted()).toEqual([
      'Audits.all',
      'Audits.write',
    ]);
  });

  it('is left alone by @Traced on the class: one span, not two', async () => {
    @Traced()
    class Audits {
      @Detached()
      async write(): Promise<void> {}
    }
    await new Audits().write();
    expect(spans.tree()).toBe('Audits.write');
  });

  it('belongs to the application whose instance it is on, not to the one started last', async () => {
    @Injectable()
    class Audits {
      @Detached()
      async write(): Promise<void> {
        await sleep(20);
      }
    }
    const [first, second] = [await startWith(Audits), await startWith(Audits)];
    void first.get(Audits).write();
    expect(first.get(TracingService).stats().detached.running).toBe(1);
    expect(second.get(TracingService).stats().detached.running).toBe(0);
    await first.close();
    expect(first.get(TracingService).stats().detached.ended.ok).toBe(1);
    await second.close();
  });

  it('D11 refuses a call after the stop with a rejection and a log line, and throws nothing', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    @Injectable()
    class Audits {
      @Detached()
      async write(): Promise<void> {}
    }
    const app = await startWith(Audits);
    await app.close();
    void app.get(Audits).write();
    await expect(app.get(Audits).write()).rejects.toMatchObject({ reason: 'stopped' });
    expect(String(error.mock.calls[0]?.[0])).toContain('"Audits.write" was not started');
    expect(app.get(TracingService).stats().detached.refused).toBe(2);
  });
});

describe('@Detached, misused', () => {
  it.each([
    ['a class', () => decorate(class Audits {}), 'on the class Audits, which is not a method'],
    ['a property', () => decorate({}, 'audit'), 'on "audit", which is not a method'],
    ['an accessor', () => decorate({}, 'audit', { get: () => 1 }), 'is not a method'],
    ['a TC39 field', () => decorate(undefined, { kind: 'field', name: 'audit' }), 'on "audit"'],
  ])('on %s says where it belongs', (_, use, message) => {
    expect(use).toThrow(message);
  });

  it('on a method with @Traced, @NoTrace or another @Detached says to keep one', () => {
    for (const other of [Traced(), NoTrace(), Detached()]) {
      const define = (): unknown => {
        class Audits {
          @Detached()
          @other
          async write(): Promise<void> {}
        }
        return Audits;
      };
      expect(define).toThrow('keep one of them');
    }
  });

  it('with an unknown option names the known ones', () => {
    expect(() => Detached({ result: () => ({}) } as object)).toThrow(
      '@Detached(), result: there is no such option; known are name, attributes',
    );
  });

  it('on a method whose result is used as a value is a type error', () => {
    class Audits {
      // @ts-expect-error the number would be lost
      @Detached()
      async count(): Promise<number> {
        return 1;
      }
      // @ts-expect-error the number would be lost
      @Detached()
      size(): number {
        return 1;
      }
      // @ts-expect-error the attributes are those of another parameter
      @Detached({ attributes: (key: number) => ({ key }) })
      async write(_key: string): Promise<void> {}
    }
    expect(Audits).toBeDefined();
  });
});

function decorate(...args: unknown[]): unknown {
  return (Detached() as (...given: unknown[]) => unknown)(...args);
}

async function startWith(provider: new () => object, options: TracingModuleOptions = {}) {
  const moduleRef = await Test.createTestingModule({
    imports: [TracingModule.forRoot(options)],
    providers: [provider],
  }).compile();
  return moduleRef.init();
}
