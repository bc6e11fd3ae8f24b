/** Gives fields of ours to objects that are not ours. Nobody sees them, and they cost next to nothing. */
class Stamp {
  constructor(target: object) {
    // oxlint-disable-next-line no-constructor-return -- the fields of a subclass go on what is returned
    return target;
  }
}

/** A promise that a caller was given, and the one that it is derived from. */
class Derived extends Stamp {
  readonly #source: Promise<unknown>;

  constructor(derived: Promise<unknown>, source: Promise<unknown>) {
    super(derived);
    this.#source = source;
  }

  static sourceOf(promise: object): Promise<unknown> | undefined {
    return #source in promise ? promise.#source : undefined;
  }
}

/** A promise that the application has made, and the one that its callers are given for it. */
class Source extends Stamp {
  readonly #derived: Promise<unknown>;

  constructor(source: Promise<unknown>, derived: Promise<unknown>) {
    super(source);
    this.#derived = derived;
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
 */
export function followPromise(
  promise: Promise<unknown>,
  fulfilled: Fulfilled,
  rejected: Rejected,
): Promise<unknown> {
  const source = Derived.sourceOf(promise) ?? promise;
  const known = Source.derivedOf(source);
  const followed = source.then(fulfilled, rejected);
  if (known === undefined) return stamped(followed, source);
  followed.catch(ignore); // it is reported where it was derived first
  return source === promise ? known : promise;
}

function stamped(derived: Promise<unknown>, source: Promise<unknown>): Promise<unknown> {
  new Derived(derived, source);
  new Source(source, derived);
  return withOwnProperties(derived, source);
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
