import { Inject, Injectable } from '@nestjs/common';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import type { StoredTrace } from './stored-trace.js';
import { TraceStore } from './trace-store.js';

/** Knows which traces are running, and notices when one is not any more though nothing came. */
@Injectable()
export class RunningWatch {
  readonly #running = new Set<StoredTrace>();

  constructor(
    private readonly store: TraceStore,
    @Inject(VIEWER_OPTIONS) private readonly options: Pick<ViewerOptions, 'rootlessMillis'>,
  ) {}

  /** Whether something is still to come; one that was told as running is watched from then on. */
  readonly isRunning = (trace: StoredTrace): boolean => {
    const isRunning = trace.isRunning(this.options.rootlessMillis);
    if (isRunning) this.#running.add(trace);
    return isRunning;
  };

  /** Touches the traces that are running no longer, and forgets them. */
  check(): void {
    for (const trace of this.#running) {
      const isHere = this.store.trace(trace.traceId) === trace;
      if (isHere && trace.isRunning(this.options.rootlessMillis)) continue;
      this.#running.delete(trace);
      if (isHere) this.store.touch(trace);
    }
  }
}
