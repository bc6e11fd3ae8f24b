import { AsyncLocalStorage } from 'node:async_hooks';
import { timerMillis } from '../with-deadline.js';
import type { Entry } from './entry.js';

/** How long what has come in may take. */
interface OpenEntriesSettings {
  /** Milliseconds after which an entry is ended as abandoned. */
  readonly maxDurationMillis: number;
  /** Told of entries that were abandoned. */
  readonly say: (message: string) => void;
}

/** A log line names so many. */
const MAX_NAMES = 5;

/**
 * The entries of one way in that have not ended. One whose handler never ends is ended when it is too old;
 * a shutdown waits for all, within its deadline, and ends the rest.
 */
export class OpenEntries {
  readonly #settings: OpenEntriesSettings;
  /** By age: a set keeps the order in which it was filled. */
  readonly #open = new Set<Entry>();
  /** The timer is to keep no message's stores. */
  readonly #outside = AsyncLocalStorage.snapshot();
  #timer: NodeJS.Timeout | undefined;
  #emptied: (() => void) | undefined;

  constructor(settings: OpenEntriesSettings) {
    this.#settings = settings;
  }

  /** How many there are. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes an entry until it ends. One that records nothing is not waited for. */
  add(entry: Entry): void {
    if (!entry.isOpen) return;
    this.#open.add(entry);
    entry.whenEnded(this.#remove);
    if (this.#timer === undefined) this.#arm(this.#settings.maxDurationMillis);
  }

  /** Waits until all have ended, and ends at the deadline what has not. */
  async stop(deadlineMillis: number): Promise<void> {
    if (this.#open.size > 0 && deadlineMillis > 0) await this.#emptyWithin(deadlineMillis);
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#abandon([...this.#open], 'when the application closed');
  }

  readonly #remove = (entry: Entry): void => {
    this.#open.delete(entry);
    if (this.#open.size === 0) this.#emptied?.();
  };

  #emptyWithin(deadlineMillis: number): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(resolve, timerMillis(deadlineMillis));
      this.#emptied = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  /** One timer for all: it looks when the oldest is due, and rests while there is none. */
  #arm(millis: number): void {
    this.#timer = this.#outside(() => setTimeout(() => this.#sweep(), timerMillis(millis)).unref());
  }

  #sweep(): void {
    this.#timer = undefined;
    const { maxDurationMillis } = this.#settings;
    const due = performance.now() - maxDurationMillis;
    const old: Entry[] = [];
    let oldest: Entry | undefined;
    for (const entry of this.#open) {
      if (entry.startMillis > due) {
        oldest = entry;
        break;
      }
      old.push(entry);
    }
    this.#abandon(old, `after ${maxDurationMillis} ms`);
    if (oldest !== undefined) this.#arm(Math.max(1, oldest.startMillis - due));
  }

  #abandon(entries: readonly Entry[], when: string): void {
    if (entries.length === 0) return;
    for (const entry of entries) entry.abandon();
    const names = [...new Set(entries.map(({ name }) => name))];
    const shown = names.slice(0, MAX_NAMES).map((name) => JSON.stringify(name));
    const more = names.length > MAX_NAMES ? ', …' : '';
    const { say } = this.#settings;
    say(`${entries.length} of what came in had not ended ${when}: ${shown.join(', ')}${more}.`);
  }
}
