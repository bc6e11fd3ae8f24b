import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readAnswer } from './answers.js';
import type { ExportSettings } from './export-settings.js';
import type { Around, Sender, SendOutcome } from './sender.interface.js';

const compress = promisify(gzip);

/** @see https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** An answer says little; more than this is not read. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** OTLP over HTTP with protobuf, on connections that are kept. */
export class HttpSender implements Sender {
  readonly #settings: ExportSettings;
  readonly #around: Around;
  readonly #url: URL;
  readonly #isTls: boolean;
  readonly #aborts = new Set<AbortController>();
  readonly #agent: HttpAgent;

  /** @param around opens each request; on the export thread there is nothing to do about it */
  constructor(settings: ExportSettings, around: Around = (open) => open()) {
    this.#settings = settings;
    this.#around = around;
    this.#url = new URL(settings.endpoint);
    this.#isTls = this.#url.protocol === 'https:';
    this.#agent = this.#newAgent();
  }

  /** A connection is quickly made. */
  prepare(): void {}

  async send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome> {
    const abort = new AbortController();
    this.#aborts.add(abort);
    const timer = setTimeout(() => abort.abort(), timeoutMillis);
    try {
      return await this.#exchange(request, abort.signal);
    } catch (error) {
      return { kind: 'retry', reason: faultOf(error, abort.signal) };
    } finally {
      clearTimeout(timer);
      this.#aborts.delete(abort);
    }
  }

  /** The agent has forgotten a connection that failed, and others may still be at work. */
  reconnect(): void {}

  close(): void {
    for (const abort of this.#aborts) abort.abort();
    this.#agent.destroy();
  }

  #newAgent(): HttpAgent {
    const options = { keepAlive: true };
    return this.#isTls
      ? new HttpsAgent({ ...options, ...this.#settings.tls })
      : new HttpAgent(options);
  }

  async #exchange(request: Uint8Array, signal: AbortSignal): Promise<SendOutcome> {
    const { compression } = this.#settings;
    const body = compression === 'gzip' ? await compress(request) : request;
    const sent = this.#around(() => this.#open(body.length, signal).end(body));
    sent.on('error', () => undefined); // one that comes after the answer is nobody's business
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return outcomeOf(response, await bodyOf(response));
  }

  #open(length: number, signal: AbortSignal): ClientRequest {
    const { headers, compression } = this.#settings;
    const send = this.#isTls ? httpsRequest : httpRequest;
    return send(this.#url, {
      method: 'POST',
      agent: this.#agent,
      signal,
      headers: {
        ...headers,
        'content-type': 'application/x-protobuf',
        'content-length': length,
        ...(compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
      },
    });
  }
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_ANSWER_BYTES) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage, body: Buffer): SendOutcome {
  if (statusCode >= 200 && statusCode < 300) return readAnswer(body);
  const reason = `HTTP ${statusCode}`;
  if (!RETRYABLE.has(statusCode)) return { kind: 'refused', reason };
  return { kind: 'retry', reason, afterMillis: retryAfterMillis(headers['retry-after']) };
}

/** `Retry-After` holds seconds or a date. */
function retryAfterMillis(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const millis = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(millis) ? Math.max(0, millis) : undefined;
}

function faultOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'no answer in time';
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
