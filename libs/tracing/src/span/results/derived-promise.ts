import { Stamp } from './stamp.js';

/** A promise that the application has made, and the one that callers are given for it: each knows both. */
class Pair extends Stamp {
  readonly #source: Promise<unknown>;
  readonly #derived: Promise<unknown>;

  constructor(target: Promise<unknown>, source: Promise<unknown>, derived: Promise<unknown>) {
    super(target);
    this.#source = source;
    this.#derived = derived;
  }

  static sourceOf(promise: object): Promise<unknown> | undefined {
    return #source in promise ? promise.#source : undefined;
  }

  static derivedOf(promise: object): Promise<unknown> | undefined {
    return #derived in promise ? promise.#derived : undefined;
  }
}

type Fulfilled = (value: unknown) => unknown;
type Rejected = (error: unknown) => never;

/**
 * Looks on at a native promise. Returns what its caller gets: a promise derived from it, so that a rejection
 * that nobody handles is still reported once. However often one is handed out, all its callers get the same:
 * what one of them handles is handled.
 *
 * @param fulfilled returns the value
 * @param rejected throws the error
 * @param isNew whether nobody but the engine has had it: it has no properties, and nobody hands it out again
 */
export function followPromise(
  promise: Promise<unknown>,
  fulfilled: Fulfilled,
  rejected: Rejected,
  isNew = false,
): Promise<unknown> {
  if (isNew) return derive(promise, fulfilled, rejected);
  const source = Pair.sourceOf(promise) ?? promise;
  const known = Pair.derivedOf(promise);
  if (known !== undefined) {
    source.then(fulfilled, rejected).catch(ignore); // it is reported where it was derived first
    return known;
  }
  const derived = withOwnProperties(derive(source, fulfilled, rejected), source);
  new Pair(source, source, derived);
  return derived;
}

function derive(
  source: Promise<unknown>,
  fulfilled: Fulfilled,
  rejected: Rejected,
): Promise<unknown> {
  const derived = source.then(fulfilled, rejected);
  new Pair(derived, source, derived);
  return derived;
}

/** Node's own notes on promises, while somebody asks for its asynchronous hooks. */
const NODES = new Set(['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore']);

/** A native promise may have been given methods of its own, such as `cancel`: they come along. */
export function withOwnProperties(
  derived: Promise<unknown>,
  original: Promise<unknown>,
): Promise<unknown> {
  for (const key of Reflect.ownKeys(original)) {
    if (typeof key === 'symbol' && NODES.has(key.description ?? '')) continue;
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    if (descriptor !== undefined) void Object.defineProperty(derived, key, descriptor);
  }
  return derived;
}

function ignore(): void {}
