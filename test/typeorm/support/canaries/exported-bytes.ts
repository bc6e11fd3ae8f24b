import { FaultCollector } from '../../../support/fault-collector.js';
import type { WireSpan } from '../../../support/otlp-wire.js';
import { decodeSpans } from '../../../support/otlp-wire.js';
import { TracingApp } from '../../../support/tracing-app.js';

/** What left the process: the spans, and every byte of their requests, as latin1 text. */
export interface Exported {
  readonly spans: readonly WireSpan[];
  readonly bytes: string;
}

/** Does work in an application that exports for real, and answers what a collector received of it. */
export async function exportedBy(work: () => Promise<unknown>): Promise<Exported> {
  const collector = await FaultCollector.start({ protocol: 'http' });
  try {
    const app = await TracingApp.start({
      serviceName: 'wire',
      exporter: 'otlp-http',
      endpoint: collector.url,
    });
    await work();
    await app.close();
    const bodies = collector.requests.map(({ body }) => body);
    return {
      spans: bodies.flatMap(decodeSpans),
      bytes: Buffer.concat(bodies).toString('latin1'),
    };
  } finally {
    await collector.close();
  }
}
