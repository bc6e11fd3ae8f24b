/**
 * The state of the export, for a health check.
 *
 * @example
 * ```ts
 * const { awayMillis, lagMillis, lastError } = tracing.stats().export;
 * if (awayMillis > 60_000) logger.warn(`no collector: ${lastError?.message}`);
 * ```
 */
export interface ExportStats {
  /** Whose SDK exports. Only of one that this package has started is the rest known. */
  readonly sdk: 'own' | 'adopted' | 'none';
  /** Milliseconds since the collector was found to be away; 0 while it answers, whatever it says. */
  readonly awayMillis: number;
  /** Milliseconds that the oldest span has waited that is not settled; 0 if none waits. */
  readonly lagMillis: number;
  /** The share of the queue that is full, by spans or by bytes, whichever is more: from 0 to 1. */
  readonly queueFullness: number;
  /** The last failure of an export, without credentials, and how many milliseconds ago it was. */
  readonly lastError: { readonly message: string; readonly agoMillis: number } | undefined;
}

/** Returns the state of an export that is somebody else's or is not there. */
export function noExport(sdk: 'adopted' | 'none'): ExportStats {
  return { sdk, awayMillis: 0, lagMillis: 0, queueFullness: 0, lastError: undefined };
}

/** The queue at this moment. */
type QueueState = Pick<ExportStats, 'lagMillis' | 'queueFullness'>;

/** Remembers how the export went. */
export class ExportState {
  readonly #queue: () => QueueState;
  #awaySince: number | undefined;
  #lastError: { readonly message: string; readonly at: number } | undefined;

  constructor(queue: () => QueueState) {
    this.#queue = queue;
  }

  /** The collector answers. */
  answered(): void {
    this.#awaySince = undefined;
  }

  /** The collector does not answer, or asks to be left alone. */
  away(message: string): void {
    this.#awaySince ??= performance.now();
    this.failed(message);
  }

  /** The reason why the collector is away, or undefined while it answers. */
  get awayBecause(): string | undefined {
    return this.#awaySince === undefined ? undefined : this.#lastError?.message;
  }

  /** An export failed, wherever. */
  failed(message: string): void {
    this.#lastError = { message, at: performance.now() };
  }

  snapshot(): ExportStats {
    const now = performance.now();
    const since = (at: number | undefined): number => (at === undefined ? 0 : Math.ceil(now - at));
    const error = this.#lastError;
    return Object.freeze({
      sdk: 'own',
      awayMillis: since(this.#awaySince),
      ...this.#queue(),
      lastError: error && Object.freeze({ message: error.message, agoMillis: since(error.at) }),
    });
  }
}
