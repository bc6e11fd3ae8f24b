import { VERSION } from './version.js';

/**
 * Returns the key of a value in OpenTelemetry's contexts, the same for every copy of this package in
 * the process: a context that one of them has made is read by the other. `createContextKey` makes
 * another one each time.
 */
export function contextKey(name: string): symbol {
  return Symbol.for(`nestjs-tracing ${VERSION} ${name}`);
}
