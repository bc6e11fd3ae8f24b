import { transformSync } from 'esbuild';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { NoTrace } from './no-trace.decorator.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

/** Compiles a class with TC39 decorators; this file's own are the legacy ones. */
function compile<T>(source: string): T {
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: false } };
  const { code } = transformSync(`return (${source});`, {
    loader: 'ts',
    target: 'es2022',
    tsconfigRaw,
    keepNames: true,
  });
  // oxlint-disable-next-line typescript/no-implied-eval -- the compiled class has to be run
  return new Function('Traced', 'NoTrace', code)(Traced, NoTrace) as T;
}

interface Cat {
  feed(food: string): Promise<string>;
  hidden(): void;
  callHidden(): string;
}

describe('TC39 decorators', () => {
  it('T11 trace methods: instance, inherited, static and private', async () => {
    const Animal = compile<(new () => Cat) & { create(): Cat }>(`class Animal {
      @Traced({ attributes: (food) => ({ food }) }) async feed(food) { return food; }
      @Traced() static create() { return new this(); }
      @Traced() #hidden() { return 'private'; }
      callHidden() { return this.#hidden(); }
    }`);
    class Dog extends Animal {}
    expect(await new Dog().feed('bone')).toBe('bone');
    expect(Animal.create().callHidden()).toBe('private');
    expect(spans.finished.map((span) => span.name)).toEqual([
      'Animal.feed',
      'Animal.create',
      'Animal.#hidden',
    ]);
    expect(spans.one('Animal.feed').attributes['food']).toBe('bone');
  });

  it('T1 name a private method after the class that declares it, whoever calls it first', () => {
    const { Animal, Dog } = compile<Record<'Animal' | 'Dog', new () => Cat>>(`(() => {
      class Animal {
        @Traced() #hidden() { return 'animal'; }
        callHidden() { return this.#hidden(); }
      }
      class Dog extends Animal {
        @Traced() #hidden() { return 'dog'; }
        callHidden() { return super.callHidden() + this.#hidden(); }
      }
      return { Animal, Dog };
    })()`);
    class Puppy extends Dog {}
    expect(new Puppy().callHidden()).toBe('animaldog');
    expect(new Animal().callHidden()).toBe('animal');
    expect(spans.finished.map((span) => span.name)).toEqual([
      'Animal.#hidden',
      'Dog.#hidden',
      'Animal.#hidden',
    ]);
  });

  it('T11 trace classes, and leave out what @NoTrace names', async () => {
    const Cat = compile<new () => Cat>(`(() => {
      @Traced() class Cat { async feed(food) { return food; } @NoTrace() hidden() {} }
      return Cat;
    })()`);
    const cat = new Cat();
    await cat.feed('fish');
    cat.hidden();
    expect(spans.finished.map((span) => span.name)).toEqual(['Cat.feed']);
  });

  it('T11 fail at once where they cannot work', () => {
    expect(() => compile('class Cat { @Traced() paws = 4; }')).toThrow(
      /"paws", which is not a method/,
    );
    expect(() => compile('class Cat { @Traced() get paws() { return 4; } }')).toThrow(
      /not a method/,
    );
  });
});
