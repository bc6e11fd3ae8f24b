import type { CollectorFault } from './collector-status.js';
import type { ExportSettings } from '../export-settings.js';
import { cureOf, shownEndpoint } from './failure-cure.js';
import { redactor, secretsOf } from './redact.js';
import { LONGEST_WAIT_MILLIS } from '../retry-policy.js';
import type { RetryOutcome, SendFailure } from '../transport.interface.js';

/** Says for people what became of a request: without secrets, and short. */
export class Remarks {
  readonly #settings: ExportSettings;
  readonly #endpoint: string;
  readonly #redact: (text: string) => string;

  constructor(settings: ExportSettings) {
    const { endpoint, headers, proxyEnv = {} } = settings;
    this.#settings = settings;
    this.#redact = redactor(secretsOf([endpoint, ...Object.values(proxyEnv)], headers));
    this.#endpoint = this.#redact(shownEndpoint(endpoint));
  }

  /** Says why the collector gets nothing at the moment. */
  faultOf(failure: SendFailure & Pick<Partial<RetryOutcome>, 'afterMillis'>): CollectorFault {
    const said = this.#redact(failure.reason);
    const reason = [said, waitRemark(failure.afterMillis)].filter(Boolean).join(', ');
    const cure = cureOf(failure, this.#settings);
    return cure === undefined ? { reason } : { reason, cure };
  }

  /** Says why spans are lost when the collector is away. */
  away({ reason, cure }: CollectorFault): string {
    return `the collector at ${this.#endpoint} is away (${withCure(reason, cure)})`;
  }

  /** Says why spans are lost when the time is up. */
  late(timeoutMillis: number, fault: string): string {
    return [`it took longer than ${timeoutMillis} ms`, fault].filter(Boolean).join(': ');
  }

  refused(failure: SendFailure): string {
    const reason = `${this.#redact(failure.reason)}, at ${this.#endpoint}`;
    return `the collector refused them (${withCure(reason, cureOf(failure, this.#settings))})`;
  }

  rejected(message: string): string {
    return `the collector rejected them (${this.#redact(message)})`;
  }
}

function withCure(reason: string, cure: string | undefined): string {
  return cure === undefined ? reason : `${reason}; ${cure}`;
}

/** An asked-for wait is worth a word where it is longer than anybody expects. */
function waitRemark(afterMillis = 0): string {
  if (!(afterMillis >= 60_000)) return '';
  const wait = `it asks to wait ${Math.round(afterMillis / 1000)} s`;
  return afterMillis <= LONGEST_WAIT_MILLIS
    ? wait
    : `${wait}, of which ${LONGEST_WAIT_MILLIS / 1000} s are granted`;
}
