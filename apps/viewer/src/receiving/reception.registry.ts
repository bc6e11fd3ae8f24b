import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Telemetry } from '../telemetry.interface.js';
import type { RefusalReason, Refusal } from './refusal.error.js';

const REPORT_MILLIS = 10_000;

/** Counts what came in and what was refused; tells of refusals once per ten seconds at most. */
@Injectable()
export class ReceptionRegistry implements OnApplicationShutdown {
  readonly #received = { requests: 0, spans: 0, logs: 0, cutLines: 0 };
  readonly #refused = new Map<RefusalReason, number>();
  #untold = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Requests, spans and log records that were taken, and lines that were cut. */
  get received(): Readonly<{ requests: number; spans: number; logs: number; cutLines: number }> {
    return { ...this.#received };
  }

  /** How many requests were refused, by reason. */
  get refused(): Partial<Record<RefusalReason, number>> {
    return Object.fromEntries(this.#refused);
  }

  countTaken({ spans = [], logs = [] }: Telemetry): void {
    this.#received.requests += 1;
    this.#received.spans += spans.length;
    this.#received.logs += logs.length;
  }

  countCutLine(): void {
    this.#received.cutLines += 1;
  }

  countRefused({ reason, message }: Pick<Refusal, 'reason' | 'message'>): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
    if (this.#timer) {
      this.#untold += 1;
      return;
    }
    this.#tell(`refused a request (${reason}): ${message}`);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#timer);
  }

  #tell(text: string): void {
    process.stderr.write(`viewer: ${text}\n`);
    this.#timer = setTimeout(() => this.#tellRest(), REPORT_MILLIS).unref();
  }

  #tellRest(): void {
    this.#timer = undefined;
    const untold = this.#untold;
    this.#untold = 0;
    if (untold > 0) this.#tell(`refused ${untold} more; GET /stats on the HTTP port counts them`);
  }
}
