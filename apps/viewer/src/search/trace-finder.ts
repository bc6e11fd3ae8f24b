import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RunningWatch } from '../store/running-watch.js';
import type { StoredTrace } from '../store/stored-trace.js';
import { TraceStore } from '../store/trace-store.js';
import { readSearch } from './read-search.js';

/** How long a search may keep receivers waiting. */
const SLICE_MILLIS = 8;

/** Finds traces, in slices of time, so that receiving goes on meanwhile. */
@Injectable()
export class TraceFinder {
  constructor(
    private readonly store: TraceStore,
    private readonly running: RunningWatch,
  ) {}

  /**
   * The traces that match, in the order in which they came.
   *
   * @throws SearchError if the search cannot be understood.
   */
  async find(query: string): Promise<StoredTrace[]> {
    const { isEmpty, matches } = readSearch(query);
    if (isEmpty) return [...this.store.traces];
    const found: StoredTrace[] = [];
    await this.each((trace) => {
      if (matches(trace, this.running.isRunning(trace))) found.push(trace);
    });
    return found;
  }

  /** Shows every trace of now to `visit`, or those given. */
  async each(
    visit: (trace: StoredTrace) => void,
    traces: Iterable<StoredTrace> = this.store.traces,
  ): Promise<void> {
    // What comes while others have their turn is not looked at.
    const present = Array.from(traces);
    let sliceStart = performance.now();
    for (const trace of present) {
      visit(trace);
      if (performance.now() - sliceStart < SLICE_MILLIS) continue;
      await setImmediate();
      sliceStart = performance.now();
    }
  }
}
