import type {
  ClientHttp2Session,
  ClientHttp2Stream,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
} from 'node:http2';
import { constants } from 'node:http2';
import { timerMillis } from '../../../with-deadline.js';
import { failureOf } from '../faults/connection-failure.js';
import { readExportResponse } from '../response/export-response.js';
import type { SendOutcome } from '../transport.interface.js';
import { FrameReader } from './grpc-frame.js';
import { httpStatusOutcome, statusOutcome } from './grpc-status.js';

type Headers = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** After its message nothing is far: the trailers decide only what a collector thinks of it. */
const MAX_TRAILERS_MILLIS = 500;

const ACCEPTED: SendOutcome = { kind: 'accepted', rejected: 0, message: '' };

/** Ends of a stream by the other side after which the same may be tried again; others are its verdict. */
const PASSING: ReadonlySet<number> = new Set([
  constants.NGHTTP2_NO_ERROR,
  constants.NGHTTP2_REFUSED_STREAM,
  constants.NGHTTP2_CANCEL,
  constants.NGHTTP2_ENHANCE_YOUR_CALM,
]);

/** One call from the moment its stream is open. */
export class GrpcCall {
  readonly #stream: ClientHttp2Stream;
  readonly #session: ClientHttp2Session;
  readonly #frame = new FrameReader();
  #headers: Headers | undefined;
  #trailers: IncomingHttpHeaders = {};
  #error: NodeJS.ErrnoException | undefined;
  #isLate = false;

  /** @param session the stream's; a stream that has ended does not know it any more */
  constructor(stream: ClientHttp2Stream, session: ClientHttp2Session) {
    this.#stream = stream;
    this.#session = session;
    stream.on('response', (headers) => (this.#headers = headers));
    stream.on('trailers', (trailers) => (this.#trailers = trailers));
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', (error) => (this.#error = error));
  }

  /** Sends the frame; resolves once it is known what it means. */
  send(frame: Buffer, timeoutMillis: number): Promise<SendOutcome> {
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    this.#endIn(timeoutMillis);
    this.#stream.once('close', () => resolve(this.#outcome()));
    this.#stream.end(frame);
    return promise;
  }

  #read(chunk: Buffer): void {
    const isNew = this.#frame.message === undefined;
    this.#frame.add(chunk);
    if (isNew && this.#frame.message !== undefined) this.#endIn(MAX_TRAILERS_MILLIS);
  }

  #endIn(millis: number): void {
    const late = (): void => {
      this.#isLate = true;
      this.#stream.close(constants.NGHTTP2_CANCEL);
    };
    const timer = setTimeout(late, timerMillis(millis)).unref();
    this.#stream.once('close', () => clearTimeout(timer));
  }

  #outcome(): SendOutcome {
    const { ':status': status, 'content-type': type = '' } = this.#headers ?? {};
    const code = this.#field('grpc-status');
    if (type.startsWith('text/html') && status === 200) return foreign(type);
    if (code === '0')
      return readExportResponse(this.#frame.message ?? new Uint8Array()) ?? ACCEPTED;
    if (code !== undefined) return this.#refusal(code);
    if (status !== undefined && status !== 200) return httpStatusOutcome(status);
    if (status !== undefined && !type.startsWith('application/grpc')) return foreign(type);
    return this.#isLate ? this.#lateOutcome() : this.#cutOutcome(status !== undefined);
  }

  #refusal(code: string): SendOutcome {
    const details = this.#field('grpc-status-details-bin');
    return statusOutcome({ code, message: this.#field('grpc-message'), details });
  }

  /** A collector that has written its response has the spans: they are not sent to it for ever. */
  #lateOutcome(): SendOutcome {
    const message = this.#frame.message;
    if (message !== undefined) return readExportResponse(message) ?? ACCEPTED;
    return { kind: 'retry', cause: 'silent', reason: 'DEADLINE_EXCEEDED: no response in time' };
  }

  /** A stream that ends well but without a status is a fault of the other side, and no verdict of HTTP/2. */
  #cutOutcome(hasHeaders: boolean): SendOutcome {
    const { rstCode } = this.#stream;
    if (this.#error === undefined && rstCode === 0 && hasHeaders)
      return {
        kind: 'refused',
        cause: 'response',
        reason: 'UNKNOWN: a response without grpc-status',
      };
    if (!PASSING.has(rstCode) && !this.#session.destroyed && this.#isOfStream)
      return { kind: 'refused', cause: 'response', reason: `INTERNAL: RST_STREAM ${rstCode}` };
    const { cause, reason } = failureOf(this.#error ?? new Error('the connection was cut'));
    return { kind: 'retry', cause, reason: `UNAVAILABLE: ${reason}` };
  }

  get #isOfStream(): boolean {
    return this.#error?.code === undefined || this.#error.code === 'ERR_HTTP2_STREAM_ERROR';
  }

  /** A response without a message has its status among the headers. */
  #field(name: string): string | undefined {
    const value = this.#trailers[name] ?? this.#headers?.[name];
    return Array.isArray(value) ? value[0] : value;
  }
}

/** Returns the outcome where no collector answers: a captive portal, or a server of something else. */
function foreign(type: string): SendOutcome {
  return { kind: 'refused', cause: 'foreign', reason: `HTTP 200 with ${type || 'no gRPC'}` };
}
