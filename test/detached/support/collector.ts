import { createRequire } from 'node:module';

/** A span as `@elastic/mockotlpserver` normalises it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status?: { readonly code?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

interface MockOtlpServer {
  readonly grpcUrl: URL;
  start(): Promise<void>;
  close(): Promise<void>;
}

// The package is untyped CommonJS; these are the parts of it that are used.
const { MockOtlpServer, normalizeTrace } = createRequire(import.meta.url)(
  '@elastic/mockotlpserver',
) as {
  MockOtlpServer: new (options: object) => MockOtlpServer;
  normalizeTrace: (this: void, request: unknown) => TraceRequest;
};

/** An OTLP collector that is not ours, on a free port, which keeps every span it receives. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  readonly #server = new MockOtlpServer({
    services: ['grpc'],
    grpcHostname: '127.0.0.1',
    grpcPort: 0,
    logLevel: 'fatal',
    onTrace: (request: unknown) => this.#keep(normalizeTrace(request)),
  });

  static async start(): Promise<Collector> {
    const collector = new Collector();
    await collector.#server.start();
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.grpcUrl.port}`;
  }

  named(name: string): CollectedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #keep({ resourceSpans }: TraceRequest): void {
    const scopes = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans);
    this.spans.push(...scopes.flatMap(({ spans }) => spans));
  }
}
