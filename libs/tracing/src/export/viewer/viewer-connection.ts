import { Agent, request } from 'node:http';

/** A viewer that takes longer has gone or hangs. */
const PATIENCE_MILLIS = 2_000;

/** Where a viewer takes spans that have not ended, in the form of OTLP; a collector has no such path. */
const PATH = '/v1/traces/open';

/** Speaks to a viewer on this machine, over one connection that keeps no process alive. */
export class ViewerConnection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: URL;

  constructor(endpoint: string) {
    this.#url = new URL(PATH, endpoint);
  }

  /** Resolves with whether a viewer has taken it. Never rejects: one that is away is no fault. */
  send(body: Uint8Array): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const call = request(this.#url, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    call.on('socket', (socket) => socket.unref());
    call.on('response', (response) => {
      response.resume().once('close', () => resolve(response.statusCode === 200));
    });
    call.on('error', () => resolve(false));
    call.end(body);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
