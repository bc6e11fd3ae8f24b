import { metrics } from '@opentelemetry/api';
import type { Attributes, Histogram } from '@opentelemetry/api';
import { METRIC_HTTP_SERVER_REQUEST_DURATION } from '@opentelemetry/semantic-conventions';
import { VERSION } from '../../version.js';

/** Seconds, as the HTTP conventions have them. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/**
 * The metric `http.server.request.duration`. Without a meter provider nothing is measured.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
 */
export class RequestDuration {
  readonly #histogram: Histogram | undefined;

  constructor() {
    const meter = metrics.getMeter('nestjs-tracing', VERSION);
    const histogram = meter.createHistogram(METRIC_HTTP_SERVER_REQUEST_DURATION, {
      description: 'Duration of HTTP server requests.',
      unit: 's',
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
    this.#histogram = histogram.constructor.name.startsWith('Noop') ? undefined : histogram;
  }

  /** Whether anybody collects it. */
  get enabled(): boolean {
    return this.#histogram !== undefined;
  }

  /** @param startMillis when the request came, by `performance.now()` */
  record(startMillis: number, attributes: Attributes): void {
    this.#histogram?.record((performance.now() - startMillis) / 1000, attributes);
  }
}
