import * as z from 'zod';
import { EACH } from './option-fault.js';
import { unknownOption } from './unknown-option.js';

/**
 * Checks the options of one documented interface and fills in the defaults. `Options` is what users
 * write, `Settings` what the code gets.
 */
export interface OptionSchema<Options, Settings> extends z.ZodType<Settings, Options> {
  /** The check of each option, with its default. */
  readonly shape: Readonly<Record<string, z.ZodType>>;
}

/** More wrong names than anybody is told of. */
const MAX_CURES = 16;

type Shape<Options> = { readonly [Name in keyof Options]-?: z.ZodType };

type Settings<Checks extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Name in keyof Checks]: z.output<Checks[Name]>;
};

type Given<T> = Exclude<T, undefined>;

type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The checks where they agree with the interface; elsewhere a type that no check is of, and why. */
type Agreeing<Options, Checks extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Name in keyof Checks]: Name extends keyof Options
    ? IsSame<Given<z.input<Checks[Name]>>, Given<Options[Name]>> extends true
      ? Checks[Name]
      : ['checked as', z.input<Checks[Name]>, 'documented as', Options[Name]]
    : ['not documented'];
};

/**
 * Makes the schema of an interface. The interface is written by hand, because inferred types lose the
 * doc of each option on their way to the user's editor; the compiler holds the two together: an option
 * without a check, a check without an option, and a check of another type do not compile.
 *
 * @example
 * ```ts
 * const schema = optionSchema<QueueOptions>()({ size: count.default(1000), name: text.optional() });
 * ```
 *
 * The second argument holds options that belong elsewhere: what to say where one is written here.
 */
export function optionSchema<Options extends object>() {
  return <Checks extends Shape<Options> & Readonly<Record<string, z.ZodType>>>(
    shape: Checks & Agreeing<Options, Checks>,
    elsewhere: Readonly<Record<string, string>> = {},
  ): OptionSchema<Options, Settings<Checks>> => {
    const known = [...Object.keys(shape), ...Object.keys(elsewhere)];
    const cureOf = (name: string): string =>
      Object.hasOwn(elsewhere, name) ? elsewhere[name]! : unknownOption(name, known);
    const schema = z.strictObject(shape, {
      error: ({ code, keys }) =>
        code === 'unrecognized_keys'
          ? (keys as string[]).slice(0, MAX_CURES).map(cureOf).join(EACH)
          : 'write an object of options, or leave them out',
    });
    const given = z.unknown().transform((value) => withoutInherited(value, Object.keys(shape)));
    return Object.assign(given.pipe(schema), { shape }) as unknown as OptionSchema<
      Options,
      Settings<Checks>
    >;
  };
}

/**
 * Nobody has written what a library puts on the prototype of all objects. Options may be accessors of a
 * class.
 */
function withoutInherited(value: unknown, known: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const given = value as Record<string, unknown>;
  const own = Object.create(null) as Record<string, unknown>;
  for (const name of new Set([...known.filter((each) => each in given), ...Object.keys(given)])) {
    own[name] = given[name];
  }
  return own;
}

/**
 * Makes the schema of options that may be switched on and off as a whole: `true` stands for all
 * defaults, `false` for nothing, which is undefined in the settings.
 *
 * @param off the settings where it is `false`. Default: undefined
 */
export function switchable<Options, Settings, Off = undefined>(
  schema: OptionSchema<Options, Settings>,
  off?: Off,
): OptionSchema<boolean | Options, Settings | Off> {
  const switched = z.unknown().transform((value, context): unknown => {
    if (value === false) return off;
    if (typeof value !== 'object' && value !== true) {
      context.addIssue('write true, false, or an object of options');
      return z.NEVER;
    }
    const { data, error } = schema.safeParse(value === true ? {} : value);
    for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: undefined });
    return data;
  });
  return Object.assign(switched, { shape: schema.shape }) as unknown as OptionSchema<
    boolean | Options,
    Settings | Off
  >;
}
