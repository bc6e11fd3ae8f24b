/** A span as it was when it ended. */
export interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, number | string>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, number | string>>;
    /** Milliseconds from the begin of the span. */
    readonly sinceStart: number;
  }[];
}

/** What came of one stall. */
export interface Told {
  readonly spans: readonly ToldSpan[];
  readonly lines: readonly string[];
  /** Of the span that was active when a line was logged. */
  readonly seen: readonly (string | null)[];
  readonly stalls: number;
  readonly blockedMillis: number;
  readonly unattributed: number;
  readonly warningsHeldBack: number;
}

/** The events of blocks, with the span that each is on. */
export function blocksOf({ spans }: Pick<Told, 'spans'>) {
  return spans.flatMap((span) =>
    span.events
      .filter(({ name }) => name === 'event_loop.blocked')
      .map(({ attributes, sinceStart }) => ({
        span,
        sinceStart,
        attributes,
        millis: Number(attributes['event_loop.blocked.duration_ms']),
      })),
  );
}

export function spanNamed({ spans }: Pick<Told, 'spans'>, name: string): ToldSpan {
  const found = spans.find((span) => span.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
}
