import { pathToFileURL } from 'node:url';
import { Reflector } from '@nestjs/core';
import { processSlot } from '../process-slot.js';
import { guard } from '../span/guard.js';
import { ownFolder } from '../this-file.js';
import { FunctionLocations } from './function-locations.js';

/** Whose a class is. Nobody can tell where there is no inspector, and in a bundle. */
export type ClassOrigin = 'application' | 'library' | 'unknown';

const known = processSlot('class origins', () => new WeakMap<object, ClassOrigin>());
const locations = processSlot('function locations', () => new FunctionLocations());

/** Finds out whose classes are, all at once: a library's are below `node_modules`, or are the engine's. */
export function originsOf(classes: Iterable<object>): (someClass: object) => ClassOrigin {
  const origins = known.current;
  const asked = [...classes].filter((each) => !origins.has(each));
  if (asked.length > 0) {
    const found = guard('asking where classes come from', () => findOrigins(asked));
    asked.forEach((each, index) => origins.set(each, found?.[index] ?? 'unknown'));
  }
  return (someClass) => origins.get(someClass) ?? 'unknown';
}

/** Nest itself is asked about too: where it is no library by its file, nothing is. */
function findOrigins(classes: readonly object[]): ClassOrigin[] | undefined {
  const folder = ownFolder();
  const urls = locations.current.of([Reflector, ...classes]);
  if (folder === undefined || urls === undefined) return undefined;
  const ours = pathToFileURL(folder).href;
  const [nest, ...others] = urls;
  if (!isLibrary(nest, ours)) return undefined;
  return others.map((url) => (isLibrary(url, ours) ? 'library' : 'application'));
}

/** What `eval` has made has an empty URL: nobody knows for whom. */
function isLibrary(url: string | undefined, ours: string): boolean {
  if (url === undefined || url === '' || url.startsWith('node:')) return true;
  const path = url.replaceAll('\\', '/');
  return path.includes('/node_modules/') || path.startsWith(ours) || asUrl(path).startsWith(ours);
}

/** Some runners name scripts by their paths. */
function asUrl(path: string): string {
  return path.startsWith('/') ? pathToFileURL(path).href : path;
}
