import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { NoTrace } from './no-trace.decorator.js';
import { SpanAttribute } from './span-attribute.decorator.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

const KEY = Symbol('key');

class Base {
  inherited(): string {
    return 'base';
  }

  @NoTrace()
  quiet(): void {}
}

@Traced()
class Service extends Base {
  #secret = 1;

  constructor(readonly log: string[] = []) {
    super();
    this.log.push('constructed');
  }

  get secret(): number {
    return this.#secret;
  }

  set secret(value: number) {
    this.#secret = value;
  }

  own(@SpanAttribute('id') id: string): string {
    return id + this.#secret;
  }

  @Traced('by itself')
  decorated(): void {}

  @NoTrace()
  healthy(): boolean {
    return true;
  }

  [KEY](): void {}

  onModuleInit(): void {}

  onApplicationShutdown(): void {}

  override toString(): string {
    return 'Service';
  }

  *[Symbol.iterator](): Iterator<number> {
    yield 1;
  }
}

describe('a traced class', () => {
  const named = (run: (service: Service) => void): string[] => {
    run(new Service());
    return spans.finished.map((span) => span.name);
  };

  it('T9 traces its own methods, with their parameters', () => {
    expect(named((service) => expect(service.own('a')).toBe('a1'))).toEqual(['Service.own']);
    expect(spans.one('Service.own').attributes['id']).toBe('a');
    expect(named((service) => service[KEY]())).toContain('Service.[key]');
  });

  it('T9 traces inherited methods, without touching the parent', () => {
    expect(named((service) => service.inherited())).toEqual(['Service.inherited']);
    spans.reset();
    new Base().inherited();
    expect(spans.finished).toEqual([]);
  });

  it('T9 calls an inherited method as it is at the time of the call', () => {
    const original = Base.prototype.inherited;
    Base.prototype.inherited = () => 'replaced';
    try {
      expect(new Service().inherited()).toBe('replaced');
    } finally {
      Base.prototype.inherited = original;
    }
  });

  it('T9 leaves constructor, accessors, lifecycle hooks and language hooks alone', () => {
    const names = named((service) => {
      service.secret = service.secret + 1;
      service.onModuleInit();
      service.onApplicationShutdown();
      expect([...service, String(service)]).toEqual([1, 'Service']);
    });
    expect(names).toEqual([]);
  });

  it("T9 yields to a method's own decorator: one span, or none", () => {
    const names = named((service) => {
      service.decorated();
      service.healthy();
      service.quiet();
    });
    expect(names).toEqual(['by itself']);
  });

  it('T9 keeps one span when the subclass is traced too', () => {
    @Traced()
    class Special extends Service {}
    new Special().own('a');
    expect(spans.finished.map((span) => span.name)).toEqual(['Service.own']);
  });

  it('T9 takes a name for the class', () => {
    @Traced('orders')
    class Renamed {
      list(): void {}
    }
    new Renamed().list();
    expect(spans.one('orders.list').attributes['code.function.name']).toBe('Renamed.list');
  });

  it('T9 says that @Traced and @NoTrace contradict each other', () => {
    const both = (): unknown => {
      class Both {
        @NoTrace()
        @Traced()
        method(): void {}
      }
      return Both;
    };
    const bothAgain = (): unknown => {
      class Both {
        @Traced()
        @NoTrace()
        method(): void {}
      }
      return Both;
    };
    expect(both).toThrow(/keep one of them/);
    expect(bothAgain).toThrow(/keep one of them/);
  });
});
