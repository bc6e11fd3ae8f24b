import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { guard } from '../../span/guard.js';
import type { CarriedTrace } from './foreign-client-spans.js';
import { subscribeLast } from './last-subscription.js';

/** How a channel's requests are read. */
interface CreatedRequest<R extends object> {
  /** The trace context that a request carries, as one text. */
  headers(request: R): string;
  /**
   * Whether what was there at first may be a tracer's.
   *
   * @param othersBefore whether others hear of requests before us
   */
  mayBeTracers(request: R, othersBefore: boolean): boolean;
}

/**
 * Tells of each request that a channel announces, once everybody else has heard of it, with the trace
 * context that it carries by then. What was not there when we heard of it first, another subscriber
 * has written.
 *
 * @returns stops it
 */
export function onRequestCreated<R extends object>(
  name: string,
  { headers, mayBeTracers }: CreatedRequest<R>,
  created: (request: R, carried: CarriedTrace) => void,
): () => void {
  const atFirst = new WeakMap<R, string>();
  const first = (request: R): void => {
    const found = headers(request);
    if (found !== '') atFirst.set(request, found);
  };
  const last = (request: R): void => {
    const found = headers(request);
    const isNew = found !== (atFirst.get(request) ?? '');
    const isTracers = isNew || (found !== '' && mayBeTracers(request, othersBefore));
    created(request, { headers: found, isTracers });
  };
  const { othersBefore, stop } = subscribeLast(name, heard(name, last));
  const hearFirst = heard(name, first);
  subscribe(name, hearFirst);
  return () => {
    unsubscribe(name, hearFirst);
    stop();
  };
}

function heard<R>(name: string, listener: (request: R) => void): (message: unknown) => void {
  return (message) => guard(name, () => listener((message as { request: R }).request));
}
