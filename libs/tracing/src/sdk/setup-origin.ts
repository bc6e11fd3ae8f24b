/** Frames that say where, without the whole way there. */
const FRAMES = 3;
/** Frames that are never the answer: Node, Nest and OpenTelemetry on behalf of somebody. */
const INTERMEDIARY = /\bnode:|[\\/]node_modules[\\/]@(?:nestjs|opentelemetry)[\\/]/;

/** Where in the code something was set up, for a message that must name the place. */
export class SetupOrigin {
  static readonly UNKNOWN = new SetupOrigin('an unknown place');
  readonly #place: string;

  private constructor(place: string) {
    this.#place = place;
  }

  /** The place that called this function, which must be running. */
  static callerOf(entry: (...args: never[]) => unknown): SetupOrigin {
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, entry);
    const frames = (holder.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    const own = frames.filter((frame) => !INTERMEDIARY.test(frame)).slice(0, FRAMES);
    if (own.length === 0) return SetupOrigin.UNKNOWN;
    return new SetupOrigin(own.map((frame) => frame.trim().replace(/^at /, '')).join(' < '));
  }

  toString(): string {
    return this.#place;
  }

  /** Says the same everywhere: Nest may tell modules apart by what their metadata look like as JSON. */
  toJSON(): string {
    return SetupOrigin.name;
  }
}
