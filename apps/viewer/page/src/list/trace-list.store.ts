import { batch, computed, signal } from '@preact/signals';
import type { LiveRows, StoreTotals } from '../../../src/wire/trace-list.interface.js';
import { Refused, api } from '../api/client.js';
import { LiveStream } from '../api/live.stream.js';
import { held, ordered, type Order } from './list-order.js';
import { rowsOf, type TraceRow } from './trace-row.js';

export type ListState = 'loading' | 'live' | 'lost';

/** The traces that match the search, kept up to date. */
export class TraceListStore {
  readonly state = signal<ListState>('loading');
  readonly totals = signal<StoreTotals | undefined>(undefined);
  readonly fault = signal<Refused | undefined>(undefined);
  readonly order = signal<Order>('newest');
  readonly isPaused = signal(false);
  /** The pointer is in the list, or it is scrolled: nothing may move away under it. */
  readonly isHeld = signal(false);
  /** Counts the changes of `rows`. */
  readonly version = signal(0);
  readonly shown = signal<readonly string[]>([]);
  readonly waiting = computed(() => {
    void this.version.value;
    return Math.max(0, this.rows.size - this.shown.value.length);
  });
  readonly rows = new Map<string, TraceRow>();
  readonly #listeners = new Set<(hasChanged: (traceId: string) => boolean) => void>();
  #query = '';
  #stream: LiveStream | undefined;
  #loading: AbortController | undefined;

  /** Tells which traces have changed or gone with every batch, and that any may have when all was read. */
  listen(listener: (hasChanged: (traceId: string) => boolean) => void): void {
    this.#listeners.add(listener);
  }

  /** Starts over with another search. */
  async load(query: string): Promise<void> {
    this.#query = query;
    this.#stream?.close();
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    try {
      const list = await api.traces(query, loading.signal);
      if (loading.signal.aborted) return;
      this.rows.clear();
      for (const row of rowsOf(list)) this.rows.set(row.id, row);
      batch(() => {
        this.totals.value = list.totals;
        this.fault.value = undefined;
        this.state.value = 'live';
        this.version.value++;
        this.#arrange();
      });
      this.#tell(() => true);
      this.#stream = new LiveStream(this.#listener, query, list);
    } catch (error) {
      if (!loading.signal.aborted) this.#failed(error);
    }
  }

  /** Shows what has arrived while the list was held. */
  release(): void {
    this.#arrange();
  }

  sortBy(order: Order): void {
    this.order.value = order;
    this.#arrange();
  }

  togglePause(): void {
    this.isPaused.value = !this.isPaused.value;
    if (!this.isPaused.value) this.#arrange();
  }

  readonly #listener = {
    onRows: (rows: LiveRows): void => {
      batch(() => this.#take(rows));
      this.#tell((id) => rows.id.includes(id) || rows.gone.includes(id));
    },
    onReset: (): void => void this.load(this.#query),
    onState: (state: 'live' | 'lost'): void => void (this.state.value = state),
  };

  #tell(hasChanged: (traceId: string) => boolean): void {
    for (const listener of this.#listeners) listener(hasChanged);
  }

  #take(rows: LiveRows): void {
    for (const row of rowsOf(rows)) this.rows.set(row.id, row);
    for (const id of rows.gone) this.rows.delete(id);
    this.totals.value = rows.totals;
    this.version.value++;
    const isStill = this.isHeld.peek() || this.isPaused.peek();
    if (isStill) this.shown.value = held(this.shown.peek(), this.rows);
    else this.#arrange();
  }

  #arrange(): void {
    this.shown.value = ordered(this.rows.values(), this.order.peek());
  }

  /** A bad search is said and waits for a better one; anything else is tried again. */
  #failed(error: unknown): void {
    if (error instanceof Refused && error.status === 400) {
      // What was found before is no answer to this search.
      this.rows.clear();
      batch(() => {
        this.fault.value = error;
        this.state.value = 'live';
        this.version.value++;
        this.#arrange();
      });
      return;
    }
    this.state.value = 'lost';
    const query = this.#query;
    setTimeout(() => {
      if (query === this.#query && this.state.peek() === 'lost') void this.load(query);
    }, 1_000);
  }
}
