import { z } from 'zod';

/** A schema of options: of an object, or of one that may be switched on and off. */
interface OptionSchema {
  readonly shape: Readonly<Record<string, z.ZodType>>;
}

/** An option by its path, as its schema has it. */
export interface SchemaRow {
  readonly path: string;
  /** What the table has to say of its default, without quotes. */
  readonly byDefault: string;
  /** The options inside of it. */
  readonly parts: readonly SchemaRow[];
}

/** The options of a schema, each with those inside of it. */
export function schemaRows({ shape }: OptionSchema, under = ''): readonly SchemaRow[] {
  return Object.entries(shape).map(([name, check]) => {
    const path = `${under}${name}`;
    const nested = shapeOf(check);
    const parts = nested === undefined ? [] : schemaRows({ shape: nested }, `${path}.`);
    return { path, byDefault: defaultOf(check), parts };
  });
}

/**
 * What stands for an option that is left out: what is said of it in words, the variables first where it
 * has a default as well.
 */
function defaultOf(check: z.ZodType): string {
  const { description } = check;
  const value = valueOf(check);
  if (value === undefined) return description ?? 'none';
  if (description === undefined) return inWords(value);
  return /^OTEL_\w+$/.test(description) ? `${description}, else ${inWords(value)}` : description;
}

function valueOf(check: z.ZodType): unknown {
  if (isRequired(check)) return 'required';
  if (check instanceof z.ZodPrefault || check instanceof z.ZodDefault)
    return check.def.defaultValue;
  return undefined;
}

function isRequired(check: z.ZodType): boolean {
  return !check.safeParse(undefined).success;
}

function inWords(value: unknown): string {
  if (value === Infinity) return 'no limit';
  if (Array.isArray(value) && value.length === 0) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The shape of the options inside of an option, whatever is around it. */
function shapeOf(check: z.ZodType): OptionSchema['shape'] | undefined {
  if (check instanceof z.ZodOptional || check instanceof z.ZodDefault) {
    return shapeOf(check.unwrap() as z.ZodType);
  }
  if (check instanceof z.ZodPrefault) return shapeOf(check.unwrap() as z.ZodType);
  return (check as Partial<OptionSchema>).shape;
}
