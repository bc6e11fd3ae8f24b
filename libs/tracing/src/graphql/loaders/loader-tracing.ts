import { context } from '@opentelemetry/api';
import { recordRepeated } from '../../collapse/record-repeated.js';
import { standIn } from '../../decorators/stand-in.js';
import { processSlot } from '../../process-slot.js';
import { isObject } from '../../span/is-object.js';
import type { AnyFunction } from '../../span/record.js';
import { spanSite } from '../../span/span-site.js';
import { shadowMethod } from '../../span/results/own-method.js';
import { NEST_GRAPHQL } from '../conventions.js';
import { BatchSites, spanHere } from './batch-sites.js';

/** A `DataLoader`, as far as it is used. */
interface Loader {
  readonly name?: unknown;
  load(key: unknown): unknown;
  readonly _batchLoadFn: AnyFunction;
  readonly _batch: { readonly keys: readonly unknown[] } | null;
}

/** Loaders that are traced: once, whoever finds them. */
const traced = processSlot('dataloaders', () => new WeakSet<object>());

/** Told of a loader that more than one trace asks. */
export type SayShared = (name: string) => void;

/** Whether something is a `DataLoader` that loads in batches. Told by what it keeps. */
export function isLoader(candidate: unknown): candidate is Loader & object {
  if (!isObject(candidate)) return false;
  const own = Object.getOwnPropertyDescriptor(candidate, '_batchLoadFn');
  return (
    typeof own?.value === 'function' &&
    Object.getOwnPropertyDescriptor(candidate, '_batch') !== undefined &&
    typeof (candidate as Partial<Loader>).load === 'function'
  );
}

/** Gives the batches of a loader spans. Once is enough. */
export function traceLoader(loader: Loader & object, sayShared?: SayShared): void {
  if (traced.current.has(loader)) return;
  traced.current.add(loader);
  const name = loaderName(loader);
  const sites = new WeakMap<object, BatchSites>();
  const watch = new TraceWatch(name, sayShared);
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const { load, _batchLoadFn: loadBatch } = loader;
  const loading = standIn(load, (receiver, args) => {
    const before = loader._batch?.keys;
    const had = before?.length ?? 0;
    const result: unknown = Reflect.apply(load, receiver, args);
    const keys = loader._batch?.keys;
    if (keys === undefined) return result;
    watch.see();
    const known = sites.get(keys) ?? new BatchSites();
    // A key that is cached may be one of this batch, or of one that is over.
    const isCached = keys === before ? keys.length === had : keys.length === 0;
    if (isCached && !known.has(args[0])) return result;
    sites.set(keys, known);
    known.add(args[0]);
    return result;
  });
  const batching = standIn(loadBatch, (receiver, args) =>
    runBatch(name, sites.get(args[0] as unknown as object), loadBatch, receiver, args),
  );
  shadowMethod(loader, 'load', loading);
  shadowMethod(loader, '_batchLoadFn', batching);
}

function runBatch(
  name: string,
  sites: BatchSites | undefined,
  loadBatch: AnyFunction,
  receiver: unknown,
  args: never[],
): unknown {
  if (sites === undefined) return Reflect.apply(loadBatch, receiver, args);
  return context.with(sites.context, () => {
    const site = spanSite();
    if (site === undefined) return Reflect.apply(loadBatch, receiver, args);
    const attributes = {
      [NEST_GRAPHQL.keys]: (args[0] as unknown as { length: number }).length,
      [NEST_GRAPHQL.operations]: sites.size,
    };
    const spec = { name: `batch ${name}`, options: { attributes, links: sites.links() } };
    return recordRepeated(site, spec, loadBatch, receiver, args);
  });
}

function loaderName(loader: Loader): string {
  const { name } = loader;
  if (typeof name === 'string' && name !== '') return name.slice(0, 256);
  const { name: className } = (loader as { constructor: { name: string } }).constructor;
  return className === '' ? 'loader' : className;
}

/** Sees whether a loader is kept across requests: it then mixes what it has cached for several users. */
class TraceWatch {
  readonly #name: string;
  #say: SayShared | undefined;
  #traceId: string | undefined;

  constructor(name: string, say: SayShared | undefined) {
    this.#name = name;
    this.#say = say;
  }

  see(): void {
    if (this.#say === undefined) return;
    const traceId = spanHere()?.traceId;
    if (traceId === undefined) return;
    this.#traceId ??= traceId;
    if (this.#traceId === traceId) return;
    const say = this.#say;
    this.#say = undefined;
    say(this.#name);
  }
}
