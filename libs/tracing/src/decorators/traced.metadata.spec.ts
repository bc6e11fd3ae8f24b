import 'reflect-metadata';
import { SetMetadata } from '@nestjs/common';
import { afterAll, describe, expect, it } from 'vitest';
import { recordSpans } from '../testing/index.js';
import { Traced } from './traced.decorator.js';

const spans = recordSpans();
afterAll(() => spans.stop());

function Tag(): MethodDecorator {
  return (_target, _key, descriptor) => {
    Object.assign(descriptor.value as object, { tag: 'kept' });
  };
}

class Subject {
  @Traced()
  @SetMetadata('roles', ['admin'])
  @Tag()
  tracedAbove(first: string, second?: number): string {
    return first + String(second) + this.constructor.name;
  }

  @SetMetadata('roles', ['admin'])
  @Tag()
  @Traced()
  tracedBelow(first: string): string {
    return first;
  }

  @Traced()
  async later(): Promise<void> {}

  @Traced()
  *numbers(): Generator<number> {
    yield 1;
  }

  bare(_first: string, _second?: number): string {
    return '';
  }
}

describe('a traced method', () => {
  for (const key of ['tracedAbove', 'tracedBelow'] as const) {
    it(`T8 keeps metadata and own properties: ${key}`, () => {
      const method = Subject.prototype[key] as object;
      expect(Reflect.getMetadata('roles', method)).toEqual(['admin']);
      expect(method).toHaveProperty('tag', 'kept');
      expect(Reflect.getMetadata('design:paramtypes', Subject.prototype, key)).toContain(String);
    });
  }

  it('T8 keeps name, length and this', () => {
    const { tracedAbove } = Subject.prototype;
    expect([tracedAbove.name, tracedAbove.length]).toEqual(['tracedAbove', 2]);
    expect(new Subject().tracedAbove('a', 1)).toBe('a1Subject');
  });

  it('T8 keeps the kind, and the prototype that a generator method gives', () => {
    const subject = new Subject();
    expect(subject.later.constructor.name).toBe('AsyncFunction');
    expect(subject.numbers.constructor.name).toBe('GeneratorFunction');
    expect(subject.numbers()).toBeInstanceOf(subject.numbers);
    expect(() => Reflect.construct(subject.numbers as never, [])).toThrow(TypeError);
  });

  it('T8 is as a method is: not enumerable, configurable, no constructor', () => {
    const [traced, bare] = ['tracedAbove', 'bare'].map((key) => {
      const { value: _, ...flags } = Object.getOwnPropertyDescriptor(Subject.prototype, key) ?? {};
      return flags;
    });
    expect(traced).toEqual(bare);
    expect(() => Reflect.construct(Subject.prototype.tracedAbove as never, [])).toThrow(TypeError);
    expect(Object.hasOwn(Subject.prototype.tracedAbove, 'prototype')).toBe(false);
  });
});
