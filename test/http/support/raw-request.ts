import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request by `node:http` on a connection of its own. */
export function send(
  url: string,
  options: RequestOptions = {},
  body?: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent: new Agent(), ...options }, (response) => {
      text(response).then(
        (content) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content }),
        reject,
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Writes bytes to a port and answers what comes back until the server closes, or for a while. */
export function sendRaw(port: number, bytes: string, patienceMillis = 300): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.setTimeout(patienceMillis, () => socket.destroy());
    socket.on('data', (data) => {
      received += String(data);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}
