/** A number that something must compare to, `>5`, `<=1`, `2..3` or `7`. */
export type Comparison = (value: number) => boolean;

const FORM = /^(>=|<=|>|<|=)?(-?\d{1,18}(?:\.\d{1,9})?)([a-zµ]{0,2})$/i;

/**
 * Reads a comparison whose numbers may have one of the given units.
 *
 * @returns `undefined` if it is none.
 */
export function readComparison(
  text: string,
  units: Readonly<Record<string, number>>,
): Comparison | undefined {
  const [low, high, ...more] = text.split('..');
  if (high === undefined) return readBound(text, units);
  const [from, to] = [readBound(`>=${low}`, units), readBound(`<=${high}`, units)];
  if (!from || !to || more.length > 0) return undefined;
  return (value) => from(value) && to(value);
}

function readBound(text: string, units: Readonly<Record<string, number>>): Comparison | undefined {
  const [, operator = '=', digits, unit = ''] = FORM.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  if (digits === undefined || factor === undefined) return undefined;
  const bound = Number(digits) * factor;
  return COMPARE[operator as keyof typeof COMPARE].bind(undefined, bound);
}

const COMPARE = {
  '>': (bound: number, value: number) => value > bound,
  '>=': (bound: number, value: number) => value >= bound,
  '<': (bound: number, value: number) => value < bound,
  '<=': (bound: number, value: number) => value <= bound,
  '=': (bound: number, value: number) => value === bound,
};

/** No unit but none. */
export const PLAIN_NUMBERS = { '': 1 };

/** Times in microseconds; without a unit they are milliseconds. */
export const MICROSECONDS = {
  ns: 1e-3,
  us: 1,
  µs: 1,
  μs: 1,
  ms: 1e3,
  '': 1e3,
  s: 1e6,
  m: 6e7,
};
