import { validateHeaderValue } from 'node:http';
import type { ClientRequest } from 'node:http';

/** Where Node keeps the head of a request as it will be sent, and what waits for a connection. */
interface Rendered {
  _header?: string | null;
  readonly _headerSent?: boolean;
  readonly outputData?: readonly { data: unknown }[];
  outputSize?: number;
}

/** Whether a request's head is text already. Headers that are given to Node as a list are, from the start. */
export function isRendered(request: ClientRequest): boolean {
  return typeof (request as Rendered)._header === 'string';
}

/** Returns a header of a request as it will be sent; of several the first. */
export function headerOf(request: ClientRequest, name: string): string | undefined {
  if (isRendered(request)) return renderedHeader(request, name);
  const value = request.getHeader(name);
  return value === undefined ? undefined : String(value);
}

function renderedHeader(request: ClientRequest, name: string): string | undefined {
  const line = linesOf(request).find((each) => isOf(each, name));
  return line?.slice(name.length + 1).trim();
}

/**
 * Writes a header into a head that is text already but has not left, in place of those of its name.
 * Node has no call for that: a list of headers is final for it, and with `Expect` the head waits for
 * its connection from the start. One that has left stays as it is.
 *
 * @throws TypeError if the value is none that a header can have
 */
export function setRenderedHeader(request: ClientRequest, name: string, value: string): void {
  validateHeaderValue(name, value);
  const kept = linesOf(request).filter((each) => !isOf(each, name));
  replaceHead(request as Rendered, [...kept, `${name}: ${value}`, '', ''].join('\r\n'));
}

/** Node counts what waits, to tell its writer when to pause. */
function replaceHead(request: Rendered, head: string): void {
  const before = request._header ?? '';
  if (request._headerSent === true) {
    const [waiting] = request.outputData ?? [];
    if (typeof waiting?.data !== 'string' || !waiting.data.startsWith(before)) return;
    waiting.data = head + waiting.data.slice(before.length);
    request.outputSize = (request.outputSize ?? 0) + head.length - before.length;
  }
  request._header = head;
}

function linesOf(request: ClientRequest): string[] {
  return ((request as Rendered)._header ?? '').split('\r\n').filter((line) => line !== '');
}

function isOf(line: string, name: string): boolean {
  return line.length > name.length && line.slice(0, name.length + 1).toLowerCase() === `${name}:`;
}
