import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

const SYMBOL = Symbol('refresh');

class Animal {
  @Traced()
  feed(): string {
    return 'fed';
  }

  @Traced()
  static create(): Animal {
    return new this();
  }
}

class Cat extends Animal {
  @Traced()
  override feed(): string {
    return `${super.feed()} twice`;
  }

  @Traced()
  [SYMBOL](): void {}

  @Traced('purr loudly')
  purr(): void {}
}

class Dog extends Animal {}

describe('the name of a span', () => {
  it('T1 is ClassName.method', () => {
    new Animal().feed();
    expect(spans.finished.map((span) => span.name)).toEqual(['Animal.feed']);
  });

  it('T1 names a static method after its class, also when a subclass calls it', () => {
    Dog.create();
    expect(spans.finished.map((span) => span.name)).toEqual(['Animal.create']);
  });

  it('T1 names an inherited method after the class that declares it', () => {
    new Dog().feed();
    expect(spans.finished.map((span) => span.name)).toEqual(['Animal.feed']);
  });

  it('T1 names an overriding method and the one it overrides apart', () => {
    new Cat().feed();
    expect(spans.tree()).toBe('Cat.feed\n  Animal.feed');
  });

  it('T1 names a symbol-keyed method by its description', () => {
    new Cat()[SYMBOL]();
    expect(spans.finished.map((span) => span.name)).toEqual(['Cat.[refresh]']);
  });

  it('T1 sets code.function.name, also beside a name of its own', () => {
    new Cat().purr();
    expect(spans.one('purr loudly').attributes).toEqual({ 'code.function.name': 'Cat.purr' });
  });

  it('T1 takes the name from the arguments', () => {
    class Jobs {
      @Traced({ name: (queue: string) => `job ${queue}` })
      run(queue: string): string {
        return queue;
      }
    }
    new Jobs().run('mail');
    expect(spans.one('job mail').attributes['code.function.name']).toBe('Jobs.run');
  });
});
