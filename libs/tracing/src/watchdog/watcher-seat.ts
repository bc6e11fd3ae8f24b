import type { WatchData } from './thread/watch-data.interface.js';

/** Where a watcher can live for nothing: in a thread that is there for something else. */
export class WatcherSeat {
  readonly data: WatchData;
  #isTaken = false;
  #lossReason: string | undefined;

  constructor(data: WatchData) {
    this.data = data;
  }

  /** A thread is started with the data and will watch. */
  take(): WatchData {
    this.#isTaken = true;
    return this.data;
  }

  /** There will be no thread. */
  lose(reason: string): void {
    this.#lossReason = reason;
  }

  get isTaken(): boolean {
    return this.#isTaken;
  }

  get lossReason(): string | undefined {
    return this.#lossReason;
  }
}
