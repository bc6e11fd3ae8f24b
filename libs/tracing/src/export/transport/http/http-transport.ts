import { once } from 'node:events';
import type { AgentOptions, ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { timerMillis } from '../../../with-deadline.js';
import { failureOf } from '../faults/connection-failure.js';
import type { ExportSettings } from '../export-settings.js';
import { closeUnlessConnected } from '../loose-socket.js';
import type { Around, Transport, SendOutcome } from '../transport.interface.js';
import { httpOutcome } from './http-outcome.js';
import { readBody } from './response-body.js';

const compress = promisify(gzip);

/** OTLP over HTTP with protobuf, on connections that are kept. */
export class HttpTransport implements Transport {
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
    const timer = setTimeout(() => abort.abort(), timerMillis(timeoutMillis)).unref();
    try {
      return await this.#exchange(request, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) return { kind: 'retry', ...failureOf(error) };
      return { kind: 'retry', cause: 'silent', reason: 'no response in time' };
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
    const { proxyEnv, tls } = this.#settings;
    const options: AgentOptions = {
      keepAlive: true,
      ...(proxyEnv === undefined ? {} : { proxyEnv }),
    };
    return this.#isTls ? new HttpsAgent({ ...options, ...tls }) : new HttpAgent(options);
  }

  async #exchange(request: Uint8Array, signal: AbortSignal): Promise<SendOutcome> {
    const { compression } = this.#settings;
    const body = compression === 'gzip' ? await compress(request) : request;
    const sent = this.#around(() => this.#open(body.length, signal).end(body));
    sent.on('error', () => undefined); // one that comes after the response is nobody's business
    sent.on('socket', (socket: Socket) => closeUnlessConnected(socket, this.#settings));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return httpOutcome(response.statusCode ?? 0, response.headers, await readBody(response));
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
