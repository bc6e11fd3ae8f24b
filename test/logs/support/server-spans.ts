import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { SpanKind, trace } from '@opentelemetry/api';

/** Runs everything that a server does for a request in a SERVER span that ends with the response. */
export function openServerSpans(server: Server): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const tracer = trace.getTracer('test');
    tracer.startActiveSpan(`SERVER ${req.url}`, { kind: SpanKind.SERVER }, (span) => {
      res.once('close', () => span.end());
      for (const listener of listeners) Reflect.apply(listener, server, [req, res]);
    });
  });
}
