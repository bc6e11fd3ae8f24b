import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Attributes } from '@opentelemetry/api';
import { TracingService } from 'nestjs-tracing';

/** Runs work that outlives its caller, in a trace of its own that is linked to the caller's span. */
@Injectable()
export class DetachedWork implements OnApplicationShutdown {
  readonly #logger = new Logger(DetachedWork.name);
  readonly #running = new Set<Promise<void>>();

  constructor(private readonly tracing: TracingService) {}

  /** Starts `work` and returns at once; a failure is logged inside its trace. */
  start(name: string, attributes: Attributes, work: () => Promise<void>): void {
    const origin = this.tracing.activeSpan?.spanContext();
    const links = origin ? [{ context: origin }] : [];
    const options = { root: true, links, attributes };
    const running = this.tracing
      .span(name, options, () => this.#logged(name, work))
      .catch(() => {})
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Requests are over and the database is still open: waits for what they left behind. */
  async onApplicationShutdown(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #logged(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.error({ err: error }, `${name} failed`);
      throw error;
    }
  }
}
