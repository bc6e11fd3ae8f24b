import type { ClientHttp2Session } from 'node:http2';
import { timerMillis } from '../../../with-deadline.js';
import { VERSION } from '../../../version.js';
import { failureOf } from '../faults/connection-failure.js';
import type { ExportSettings } from '../export-settings.js';
import type { Around, Transport, SendOutcome } from '../transport.interface.js';
import { GrpcCall } from './grpc-call.js';
import { openConnection } from './grpc-connection.js';
import { frameOf } from './grpc-frame.js';

const METHOD = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** A time limit is written with eight digits at most. */
const LONGEST_TIMEOUT_MILLIS = 99_999_999;

/** A connection that is open or being opened, and what ends it. */
interface Connection {
  readonly opening: Promise<ClientHttp2Session>;
  readonly abort: AbortController;
}

/**
 * OTLP over gRPC, on Node's own HTTP/2: requests are bytes already, so there is nothing that a client
 * library would do, and one that holds the process while a call is under way cannot be used at its end.
 */
export class GrpcTransport implements Transport {
  readonly #settings: ExportSettings;
  readonly #around: Around;
  #connection: Connection | undefined;

  /** @param around opens a request to a proxy */
  constructor(settings: ExportSettings, around: Around = (open) => open()) {
    this.#settings = settings;
    this.#around = around;
  }

  prepare(): void {
    this.#connected().opening.catch(() => undefined); // the first request tells it
  }

  async send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome> {
    const startedAt = performance.now();
    const frame = await frameOf(request, this.#settings.compression === 'gzip');
    try {
      const session = await this.#session(timeoutMillis);
      const left = Math.max(1, timeoutMillis - (performance.now() - startedAt));
      const stream = session.request(this.#headers(left), { endStream: false });
      return await new GrpcCall(stream, session).send(frame, left);
    } catch (error) {
      this.reconnect();
      const { cause, reason } = failureOf(error);
      return { kind: 'retry', cause, reason: `UNAVAILABLE: ${reason}` };
    }
  }

  reconnect(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.opening.then(
      (session) => session.close(),
      () => undefined, // whoever wanted it has been told
    );
  }

  close(): void {
    this.#connection?.abort.abort(new Error('the export has stopped'));
    this.#connection = undefined;
  }

  /** Waits for the connection, not longer than a request may take. */
  async #session(timeoutMillis: number): Promise<ClientHttp2Session> {
    const { opening, abort } = this.#connected();
    const late = (): void => {
      const code = 'ETIMEDOUT';
      abort.abort(Object.assign(new Error('no connection in time'), { code }));
    };
    const timer = setTimeout(late, timerMillis(timeoutMillis)).unref();
    try {
      return await opening;
    } finally {
      clearTimeout(timer);
    }
  }

  #connected(): Connection {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  #connect(): Connection {
    const abort = new AbortController();
    const opening = openConnection(this.#settings, this.#around, abort.signal);
    const connection = { opening, abort };
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    opening.then((session) => {
      for (const event of ['goaway', 'close'] as const) session.once(event, forget);
    }, forget);
    return connection;
  }

  #headers(timeoutMillis: number): Record<string, string> {
    const { compression, headers } = this.#settings;
    const own = Object.entries(headers).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    return {
      'user-agent': `nestjs-tracing/${VERSION}`,
      ...Object.fromEntries(own),
      ':method': 'POST',
      ':path': METHOD,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${Math.ceil(Math.min(timeoutMillis, LONGEST_TIMEOUT_MILLIS))}m`,
      ...(compression === 'gzip' ? { 'grpc-encoding': 'gzip' } : {}),
    };
  }
}
