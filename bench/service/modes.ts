/** How the service is traced: not at all, by this package, or as one does it without. */
export const MODES = [
  'bare',
  'nestjs-tracing',
  'nestjs-tracing, sampled out',
  'stock',
  'stock + typeorm',
  'sentry',
  'observe',
] as const;
export type Mode = (typeof MODES)[number];

/** What is left out unless it is asked for by name. */
export const ON_REQUEST: ReadonlySet<Mode> = new Set(['stock + typeorm']);

/** Whose spans come as OTLP; the others have wires of their own. */
export function speaksOtlp(mode: Mode): boolean {
  return mode !== 'sentry' && mode !== 'observe';
}

/** What the runner asks of the service: to begin a turn, to end it once all is sent, to stop. */
export type Wish = 'begin' | 'end' | 'stop';

/** What the service says when it listens. */
export interface ServiceStarted {
  readonly port: number;
  /** The version of Nest that it runs on. */
  readonly nest: string;
}

/** What the service has used in a turn. */
export interface ServiceUsage {
  /** Processor time of the main thread. */
  readonly mainMicros: number;
  /** Processor time of all other threads: export, compiler, garbage collector, libuv. */
  readonly otherMicros: number;
  /** Allocated by the main thread in the JavaScript heap. */
  readonly allocatedBytes: number;
  /** How long the main thread stood still for the garbage collector. */
  readonly gcMicros: number;
  readonly scavenges: number;
  /** What these have moved to the old generation. */
  readonly promotedBytes: number;
  readonly rssBytes: number;
}
