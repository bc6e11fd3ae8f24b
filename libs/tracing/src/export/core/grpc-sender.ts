import type { ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import { ChannelCredentials, Client, Metadata, status } from '@grpc/grpc-js';
import { readAnswer, readRetryInfo } from './answers.js';
import type { ExportSettings } from './export-settings.js';
import type { Sender, SendOutcome } from './sender.interface.js';

const METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const GZIP = 2;

/** @see https://opentelemetry.io/docs/specs/otlp/#failures */
const RETRYABLE: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** OTLP over gRPC; requests are bytes already, so nothing is serialised here. */
export class GrpcSender implements Sender {
  readonly #settings: ExportSettings;
  readonly #metadata = new Metadata();
  readonly #calls = new Set<ClientUnaryCall>();
  #client: Client | undefined;

  constructor(settings: ExportSettings) {
    this.#settings = settings;
    for (const [name, value] of Object.entries(settings.headers)) this.#metadata.set(name, value);
  }

  prepare(): void {
    this.#connected().getChannel().getConnectivityState(true);
  }

  send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome> {
    const client = this.#connected();
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const options = { deadline: Date.now() + timeoutMillis };
    const call = client.makeUnaryRequest(
      METHOD,
      Buffer.from,
      (answer: Buffer) => answer,
      request as Buffer,
      this.#metadata,
      options,
      (error, answer) => {
        this.#calls.delete(call);
        resolve(error === null ? readAnswer(answer ?? new Uint8Array()) : outcomeOf(error));
      },
    );
    this.#calls.add(call);
    return promise;
  }

  #connected(): Client {
    this.#client ??= connect(this.#settings);
    return this.#client;
  }

  /** A channel that lost its collector waits longer and longer by itself; a new one tries at once. */
  reconnect(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  close(): void {
    for (const call of this.#calls) call.cancel();
    this.reconnect();
  }
}

function connect(settings: ExportSettings): Client {
  const { endpoint, compression } = settings;
  const host = endpoint.includes('://') ? new URL(endpoint).host : endpoint;
  return new Client(withPort(host, endpoint), credentialsOf(settings), {
    'grpc.default_compression_algorithm': compression === 'gzip' ? GZIP : 0,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 1,
  });
}

/** A URL drops its scheme's own port, which gRPC would not know. */
function withPort(host: string, endpoint: string): string {
  if (/:\d+$/.test(host)) return host;
  return `${host}:${endpoint.startsWith('http:') ? 80 : 443}`;
}

function credentialsOf({ endpoint, insecure, tls }: ExportSettings): ChannelCredentials {
  const isPlain = endpoint.startsWith('http:') || (insecure && !endpoint.startsWith('https:'));
  if (isPlain) return ChannelCredentials.createInsecure();
  const [ca, key, cert] = [tls.ca, tls.key, tls.cert].map((pem) =>
    pem === undefined ? null : Buffer.from(pem),
  );
  return ChannelCredentials.createSsl(ca, key, cert);
}

function outcomeOf(error: ServiceError): SendOutcome {
  const reason = `${status[error.code]}: ${error.details}`;
  const [details] = error.metadata.get('grpc-status-details-bin');
  const afterMillis = readRetryInfo(details as Buffer | undefined);
  const exhaustedForNow = error.code === status.RESOURCE_EXHAUSTED && afterMillis !== undefined;
  if (RETRYABLE.has(error.code) || exhaustedForNow) return { kind: 'retry', reason, afterMillis };
  return { kind: 'refused', reason };
}
