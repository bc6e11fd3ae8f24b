import { validateHeaderValue } from 'node:http';
import type { ClientRequest } from 'node:http';

/** Where Node keeps the head of a request as it will be sent, once that is settled. */
interface Rendered {
  _header?: string | null;
}

/** Whether a request's head is text already. Headers that are given to Node as a list are, from the start. */
export function isRendered(request: ClientRequest): boolean {
  return typeof (request as Rendered)._header === 'string';
}

/** The value of a header in a head that is text already; of several the first. */
export function renderedHeader(request: ClientRequest, name: string): string | undefined {
  const line = linesOf(request).find((each) => isOf(each, name));
  return line?.slice(name.length + 1).trim();
}

/**
 * Writes a header into a head that is text already but not yet sent, in place of those of its name.
 * Node has no call for that: a list of headers is final for it.
 *
 * @throws TypeError if the value is none that a header can have
 */
export function setRenderedHeader(request: ClientRequest, name: string, value: string): void {
  validateHeaderValue(name, value);
  const kept = linesOf(request).filter((each) => !isOf(each, name));
  (request as Rendered)._header = [...kept, `${name}: ${value}`, '', ''].join('\r\n');
}

function linesOf(request: ClientRequest): string[] {
  return ((request as Rendered)._header ?? '').split('\r\n').filter((line) => line !== '');
}

function isOf(line: string, name: string): boolean {
  return line.length > name.length && line.slice(0, name.length + 1).toLowerCase() === `${name}:`;
}
