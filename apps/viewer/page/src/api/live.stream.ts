import type { LiveReset, LiveRows } from '../../../src/wire/trace-list.interface.js';

/** What a {@link LiveStream} tells. */
export interface LiveListener {
  onRows(rows: LiveRows): void;
  /** Revisions are of no use any more: read the list again. */
  onReset(reset: LiveReset): void;
  onState(state: 'live' | 'lost'): void;
}

/**
 * Hears of every trace that changes. A hidden tab holds no stream: browsers allow six to one address,
 * and a seventh tab could not load.
 */
export class LiveStream {
  readonly #listener: LiveListener;
  readonly #query: string;
  readonly #session: string;
  #at: number;
  #source: EventSource | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: LiveListener, query: string, from: { session: string; at: number }) {
    this.#listener = listener;
    this.#query = query;
    this.#session = from.session;
    this.#at = from.at;
    document.addEventListener('visibilitychange', this.#follow);
    this.#follow();
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#follow);
    this.#end();
  }

  readonly #follow = (): void => {
    if (document.visibilityState === 'hidden') this.#end();
    else if (!this.#source) this.#open();
  };

  #open(): void {
    const given = { q: this.#query, after: String(this.#at), session: this.#session };
    const source = new EventSource(`/api/live?${new URLSearchParams(given)}`);
    this.#source = source;
    source.addEventListener('open', () => this.#listener.onState('live'));
    source.addEventListener('error', () => this.#failed(source));
    source.addEventListener('traces', ({ data }: MessageEvent<string>) => {
      const rows = JSON.parse(data) as LiveRows;
      this.#at = rows.at;
      this.#listener.onRows(rows);
    });
    source.addEventListener('reset', ({ data }: MessageEvent<string>) => {
      this.close();
      this.#listener.onReset(JSON.parse(data) as LiveReset);
    });
  }

  /** The browser tries again by itself unless it was refused; then it has to be asked to. */
  #failed(source: EventSource): void {
    this.#listener.onState('lost');
    if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
    this.#end();
    this.#retry = setTimeout(this.#follow, 1_000);
  }

  #end(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = undefined;
  }
}
