const UNITS = [
  { from: 60_000_000, size: 60_000_000, name: 'min' },
  { from: 1_000_000, size: 1_000_000, name: 's' },
  { from: 1_000, size: 1_000, name: 'ms' },
] as const;

/** A duration in microseconds as a person reads it: three figures and a unit. */
export function duration(micros: number): string {
  if (!Number.isFinite(micros)) return '–';
  const size = Math.abs(micros);
  const unit = UNITS.find(({ from }) => size >= from * 0.9995);
  return unit ? `${figures(micros / unit.size)} ${unit.name}` : `${figures(micros)} µs`;
}

/** A change with its sign, in microseconds. */
export function change(micros: number): string {
  if (micros === 0) return '±0';
  return `${micros > 0 ? '+' : '−'}${duration(Math.abs(micros))}`;
}

/** A count with its thousands set apart. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A count and its noun. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`;
}

/** A share of 0 to 1. */
export function percent(share: number): string {
  const value = share * 100;
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
  return text.includes('.') ? text.replace(/\.?0{1,2}$/, '') : text;
}
