import { createRequire } from 'node:module';

/** A span as `@elastic/mockotlpserver` normalises it; 64-bit attributes are text there. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** `service.name` of its resource. */
  readonly service?: unknown;
  readonly name: string;
  readonly kind: string;
  readonly status?: { readonly code?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Readonly<Record<string, unknown>> };
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[];
  }[];
}

interface MockOtlpServer {
  readonly grpcUrl: URL;
  readonly httpUrl: URL;
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

/** An OTLP collector that is not ours, on free ports, which keeps every span it receives. */
export class OtlpCollector {
  readonly spans: CollectedSpan[] = [];
  readonly resources: Readonly<Record<string, unknown>>[] = [];
  /** Headers of every request, gRPC metadata included. */
  readonly headers: Readonly<Record<string, unknown>>[] = [];
  readonly #server = new MockOtlpServer({
    services: ['grpc', 'http'],
    grpcHostname: '127.0.0.1',
    grpcPort: 0,
    httpHostname: '127.0.0.1',
    httpPort: 0,
    logLevel: 'fatal',
    onTrace: (request: unknown) => this.#keep(normalizeTrace(request)),
    onRequest: (request: { headers?: Record<string, unknown> }) => {
      this.headers.push(request.headers ?? {});
    },
  });

  static async start(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await collector.#server.start();
    return collector;
  }

  /** Where it takes OTLP over gRPC. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.grpcUrl.port}`;
  }

  /** Where it takes traces over HTTP. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.#server.httpUrl.port}/v1/traces`;
  }

  get names(): string[] {
    return this.spans.map((span) => span.name);
  }

  named(name: string): CollectedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  childrenOf(parent: CollectedSpan): CollectedSpan[] {
    return this.spans.filter(
      ({ traceId, parentSpanId }) => traceId === parent.traceId && parentSpanId === parent.spanId,
    );
  }

  reset(): void {
    this.spans.length = this.resources.length = this.headers.length = 0;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #keep({ resourceSpans }: TraceRequest): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resources.push(resource.attributes);
      const service = resource.attributes['service.name'];
      const spans = scopeSpans.flatMap((scope) => scope.spans);
      this.spans.push(...spans.map((span) => ({ ...span, service })));
    }
  }
}
