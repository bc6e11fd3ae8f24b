import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { TracingConfigurationError } from '../configuration.error.js';
import { CallOptions } from './call-options.js';
import { count, flag, limit, oneOf, text } from './checks.js';
import { optionSchema, switchable } from './option-schema.js';
import { readOptions } from './read-options.js';

interface Inner {
  depth?: number;
}

interface Outer {
  name?: string;
  mode?: 'fast' | 'safe';
  sizeMillis?: number;
  inner?: Inner;
  extra?: boolean | Inner;
}

const inner = optionSchema<Inner>()({ depth: count.default(3) });

const schema = optionSchema<Outer>()({
  name: text.optional(),
  mode: oneOf('fast', 'safe').default('safe'),
  sizeMillis: limit.default(Infinity),
  inner: inner.prefault({}),
  extra: switchable(inner).prefault(true),
});

describe('optionSchema', () => {
  it('does not compile where it differs from the documented interface', () => {
    const compiles = (): unknown[] => [
      // @ts-expect-error -- an option of the interface has no check
      optionSchema<Outer>()({ name: text, mode: oneOf('fast', 'safe'), sizeMillis: count, inner }),
      // @ts-expect-error -- there is no such option
      optionSchema<Inner>()({ depth: count, width: count }),
      // @ts-expect-error -- another type
      optionSchema<Inner>()({ depth: flag }),
      // @ts-expect-error -- less than is documented
      optionSchema<{ mode?: 'fast' | 'safe' }>()({ mode: oneOf('fast') }),
      // @ts-expect-error -- more than is documented
      optionSchema<{ mode?: 'fast' }>()({ mode: oneOf('fast', 'safe') }),
    ];
    expect(compiles).toBeTypeOf('function');
  });
});

describe('readOptions', () => {
  it('returns what is given with the defaults of what is not, of inner options too', () => {
    const defaults = { mode: 'safe', sizeMillis: Infinity, inner: { depth: 3 } };
    expect(readOptions(schema, {})).toEqual({ ...defaults, extra: { depth: 3 } });
    const given = { mode: 'fast', inner: { depth: 1 }, extra: false, name: undefined };
    const settings = { mode: 'fast', sizeMillis: Infinity, inner: { depth: 1 } };
    expect(readOptions(schema, given)).toEqual(settings);
  });

  it('takes the accessors of a class, and nothing that a library has put on the prototype of all', () => {
    class Settings {
      get mode(): string {
        return 'fast';
      }
    }
    Object.assign(Object.prototype, { extend: 1 });
    try {
      const settings = readOptions(schema, new Settings() as Outer);
      expect([settings.mode, settings.inner.depth]).toEqual(['fast', 3]);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'extend');
    }
  });

  it.each([
    [{ nmae: 'x' }, 'nmae', 'there is no such option; did you mean "name"?'],
    [{ size: 1 }, 'size', 'there is no such option; did you mean "sizeMillis"?'],
    [{ zz: 1 }, 'zz', 'known are name, mode, sizeMillis, inner, extra'],
    [{ inner: { dept: 1 } }, 'inner.dept', 'did you mean "depth"?'],
    [{ extra: { dept: 1 } }, 'extra.dept', 'did you mean "depth"?'],
    [{ extra: { depth: -1 } }, 'extra.depth', 'write a number, 0 or more'],
    [{ extra: 'yes' }, 'extra', 'write true, false, or an object of options'],
    [{ inner: 1 }, 'inner', 'write an object of options, or leave them out'],
    [{ mode: 'slow' }, 'mode', 'write "fast" or "safe"'],
    [{ __proto__: null, constructor: 1 }, 'constructor', 'there is no such option'],
    ['x', 'options', 'write an object of options, or leave them out'],
    [null, 'options', 'write an object of options, or leave them out'],
  ])('names what is wrong in %j by its path', (given, option, cure) => {
    expect(() => readOptions(schema, given)).toThrow(
      expect.objectContaining({ option, message: expect.stringContaining(cure) }),
    );
  });
});

describe('several faults', () => {
  const told = (given: unknown): { option: string; message: string } => {
    try {
      readOptions(schema, given);
    } catch (error) {
      return error as TracingConfigurationError;
    }
    throw new Error('all of it can be used');
  };

  it('are told in one error, those of inner options too', () => {
    const { option, message } = told({ nmae: 'x', zz: 1, mode: 'slow', extra: { depth: -1 } });
    const parts = message.split(' | ');
    expect(parts.toSorted()).toEqual([
      'extra.depth: write a number, 0 or more',
      'mode: write "fast" or "safe"',
      'nmae: there is no such option; did you mean "name"?',
      'zz: there is no such option; known are name, mode, sizeMillis, inner, extra',
    ]);
    expect(message.startsWith(`${option}: `)).toBe(true);
  });

  it('are told once of each option, whatever the number of checks that it fails', () => {
    const rule = optionSchema<{ route?: string }>()({ route: text.startsWith('/', 'a slash') });
    const list = optionSchema<{ rules?: { route?: string }[] }>()({ rules: z.array(rule) });
    expect(() => readOptions(list, { rules: [{ route: '/' }, { route: '' }] })).toThrow(
      /^rules\[1\]\.route: write a text that is not empty, or leave it out$/,
    );
  });

  it('are told of up to ten, and how many more there are', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`zz${n}`, n]));
    const parts = told(many).message.split(' | ');
    expect(parts).toHaveLength(11);
    expect(parts.at(-1)).toBe('and 4990 more');
  });
});

describe('CallOptions', () => {
  const options = new CallOptions(schema);

  it('reads what the schema reads, and gives each call settings of its own', () => {
    for (const given of [{}, { mode: 'fast' }, { sizeMillis: 3, inner: { depth: 1 } }] as Outer[]) {
      expect(options.read(given, 'call')).toEqual(readOptions(schema, given));
    }
    expect(options.read({}, 'call')).not.toBe(options.read({}, 'call'));
  });

  it.each([
    [{ nmae: 'x' }, 'call("x"), nmae: there is no such option; did you mean "name"?.'],
    [{ inner: { dept: 1 } }, 'call("x"), inner.dept: there is no such option'],
    [{ mode: 'slow' }, 'call("x"), mode: write "fast" or "safe".'],
    [{ toString: 1 }, 'call("x"), toString: there is no such option'],
    [[], 'call("x") needs its options as an object.'],
  ])('names the call and what is wrong in %j', (given, message) => {
    expect(() => options.read(given as Outer, 'call', 'x')).toThrow(TypeError);
    expect(() => options.read(given as Outer, 'call', 'x')).toThrow(message);
  });
});
