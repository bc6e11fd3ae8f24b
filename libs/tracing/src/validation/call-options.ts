import * as z from 'zod';
import { faultOf } from './option-fault.js';
import type { OptionSchema } from './option-schema.js';
import { unknownOption } from './unknown-option.js';

const SYNC = { async: false };

/**
 * The options of a call, read so that it costs next to nothing: only what is given is checked, by the
 * checks of the schema, and the defaults, which do not change, are made once.
 */
export class CallOptions<Options extends object, Settings extends object> {
  readonly #checks: Readonly<Record<string, z.ZodType>>;
  readonly #defaults: Settings;

  constructor(schema: OptionSchema<Options, Settings>) {
    const checks = Object.entries(schema.shape).map(([name, check]) => [name, bare(check)]);
    this.#checks = Object.assign(Object.create(null) as object, Object.fromEntries(checks));
    this.#defaults = schema.parse({});
  }

  /**
   * Returns what is given with the defaults of what is not.
   *
   * @param caller what messages begin with, such as `group`
   * @param name the name that the caller was given, for messages
   * @throws TypeError naming what is wrong and what to write instead
   */
  read(given: Options, caller: string, name?: string): Settings {
    assertObject(given, caller, name);
    const settings = { ...this.#defaults } as Record<string, unknown>;
    for (const option of Object.keys(given)) {
      const value = (given as Readonly<Record<string, unknown>>)[option];
      if (value !== undefined) settings[option] = this.#checked(option, value, caller, name);
    }
    return settings as Settings;
  }

  /** As `read`, where what is given is used as it is. */
  assert(given: Options, caller: string, name?: string): void {
    assertObject(given, caller, name);
    for (const option of Object.keys(given)) {
      const value = (given as Readonly<Record<string, unknown>>)[option];
      if (value !== undefined) this.#checked(option, value, caller, name);
    }
  }

  #checked(option: string, value: unknown, caller: string, name: string | undefined): unknown {
    const check = this.#checks[option];
    if (check === undefined) {
      const cure = unknownOption(option, Object.keys(this.#checks));
      throw new TypeError(`${callOf(caller, name)}, ${option}: ${cure}.`);
    }
    const checked = check._zod.run({ value, issues: [] }, SYNC) as z.core.ParsePayload;
    if (checked.issues.length === 0) return checked.value;
    const { path, cure } = faultOf(check.safeParse(value).error as z.ZodError);
    const full = path === '' || path.startsWith('[') ? `${option}${path}` : `${option}.${path}`;
    throw new TypeError(`${callOf(caller, name)}, ${full}: ${cure}.`);
  }
}

/** The check without what it does about values that are left out: those are never asked about. */
function bare(check: z.ZodType): z.ZodType {
  const isWrapped = check instanceof z.ZodDefault || check instanceof z.ZodOptional;
  return isWrapped ? bare(check.unwrap() as z.ZodType) : check;
}

function assertObject(given: unknown, caller: string, name: string | undefined): void {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return;
  throw new TypeError(`${callOf(caller, name)} needs its options as an object.`);
}

function callOf(caller: string, name: string | undefined): string {
  return name === undefined ? caller : `${caller}("${name}")`;
}
