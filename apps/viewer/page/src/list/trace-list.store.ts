import { batch, computed, signal } from '@preact/signals';
import type { LiveRows, StoreTotals } from '../../../src/wire/trace-list.interface.js';
import { Refused, api } from '../api/client.js';
import { LiveStream } from '../api/live.stream.js';
import { held, ordered, type Order } from './list-order.js';
import { rowsOf, type TraceRow } from './trace-row.js';

export type ListState = 'loading' | 'live' | 'lost' | 'hidden';

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
  readonly #listeners = new Set<(ids: readonly string[]) => void>();
  #query = '';
  #stream: LiveStream | undefined;
  #loading: AbortController | undefined;

  /** Tells the ids of every batch. */
  listen(listener: (ids: readonly string[]) => void): void {
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
      this.#tell([...this.rows.keys()]);
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
      this.#tell(rows.id);
    },
    onReset: (): void => void this.load(this.#query),
    onState: (state: 'live' | 'lost'): void => void (this.state.value = state),
  };

  #tell(ids: readonly string[]): void {
    for (const listener of this.#listeners) listener(ids);
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
      this.fault.value = error;
      return;
    }
    this.state.value = 'lost';
    const query = this.#query;
    setTimeout(() => {
      if (query === this.#query && this.state.peek() === 'lost') void this.load(query);
    }, 1_000);
  }
}
