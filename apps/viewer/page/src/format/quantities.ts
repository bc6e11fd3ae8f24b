const UNITS = [
  { from: 60_000_000, size: 60_000_000, name: 'min' },
  { from: 1_000_000, size: 1_000_000, name: 's' },
  { from: 1_000, size: 1_000, name: 'ms' },
] as const;
const NONE = duration(0);
const NO_CHANGE = '±0';

/** A duration in microseconds as a person reads it: three figures and a unit. */
export function duration(micros: number): string {
  if (!Number.isFinite(micros)) return '–';
  const size = Math.abs(micros);
  const unit = UNITS.find(({ from }) => size >= from * 0.9995);
  return unit ? `${figures(micros / unit.size)} ${unit.name}` : `${figures(micros)} µs`;
}

/** A change with its sign, in microseconds. */
export function change(micros: number): string {
  const size = duration(Math.abs(micros));
  return size === NONE ? NO_CHANGE : `${micros > 0 ? '+' : '−'}${size}`;
}

/** What a change is of what was before, in words: `3.4 % slower`; empty if nothing changed. */
export function slower(before: number, after: number): string {
  const delta = after - before;
  if (change(delta) === NO_CHANGE) return '';
  const share = before > 0 ? `${percent(Math.abs(delta) / before)} ` : '';
  return `${share}${delta > 0 ? 'slower' : 'faster'}`;
}

/** A count with its thousands set apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A count and its noun. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
}

/** Counts and their nouns, without what there is none of. */
export function plurals(...counts: readonly (readonly [value: number, noun: string])[]): string {
  const some = counts.filter(([value]) => value > 0).map(([value, noun]) => plural(value, noun));
  return some.length < 2 ? some.join('') : `${some.slice(0, -1).join(', ')} and ${some.at(-1)}`;
}

/** A share of 0 to 1; what there is a little of is not said to be nothing, nor almost all to be all. */
export function percent(share: number): string {
  const value = share * 100;
  if (!Number.isFinite(value)) return '–';
  if (value > 0 && value < 0.05) return '< 0.1 %';
  if (value < 100 && value >= 99.5) return '> 99 %';
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`;
}

/** Time of day of a moment in milliseconds since the epoch, to the millisecond. */
export function clock(millis: number): string {
  const date = new Date(millis);
  if (Number.isNaN(date.getTime())) return '–';
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Date and time of a moment, for a tooltip. */
export function moment(millis: number): string {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? '–' : `${date.toISOString().slice(0, 10)} ${clock(millis)}`;
}

function figures(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits);
  const short = text.includes('.') ? text.replace(/\.?0{1,2}$/, '') : text;
  return short === '-0' ? '0' : short;
}
