import { isObject } from '../../span/is-object.js';
import { shadowMethod } from '../../span/results/own-method.js';
import type { IncomingRequest } from '../http-options.interface.js';
import type { OutgoingResponse } from './response-outcome.js';

/** What is used of a connection. */
interface Connection {
  readonly write: (...args: unknown[]) => unknown;
  readonly end: (...args: unknown[]) => unknown;
}

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;
/** So much of what is written is looked at: the status line is what comes first. */
const LONGEST_START = 16;

/**
 * Tells when the request of another protocol is answered, for a framework that routes it as any other
 * (`@fastify/websocket`). Whoever speaks the protocol answers on the connection, past the response, which
 * is not over before the connection is. Whatever is written first is the answer; what the response itself
 * writes ends in its own way.
 *
 * @param answered told of the status
 */
export function whenUpgradeAnswered(
  request: IncomingRequest,
  response: OutgoingResponse,
  answered: (statusCode: number) => void,
): void {
  if (request.headers.upgrade === undefined) return;
  const socket = request.socket as unknown as Connection | undefined;
  // A request that a test has made up may have none.
  if (!isObject(socket)) return;
  const shadows = (['write', 'end'] as const).map((name) => {
    const { [name]: write } = socket;
    return shadowMethod(socket, name, function (this: unknown, ...args: unknown[]): unknown {
      for (const undo of shadows) undo?.();
      const statusCode = response.headersSent ? undefined : statusOf(args[0]);
      const written: unknown = Reflect.apply(write, this, args);
      if (statusCode !== undefined) answered(statusCode);
      return written;
    });
  });
}

function statusOf(chunk: unknown): number | undefined {
  const isBytes = chunk instanceof Uint8Array;
  if (!isBytes && typeof chunk !== 'string') return undefined;
  const start = isBytes
    ? Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(chunk.length, LONGEST_START)).toString(
        'latin1',
      )
    : chunk;
  const [, code] = STATUS_LINE.exec(start) ?? [];
  return code === undefined ? undefined : Number(code);
}
