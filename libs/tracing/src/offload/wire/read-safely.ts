/** Runs a look at a value of the application, which may be a Proxy or an accessor that throws. */
export function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // then there is nothing to see
  }
}

/** Reads a property that may throw; undefined then. */
export function readSafely(target: object, key: string): unknown {
  return attempt(() => (target as Record<string, unknown>)[key]);
}

/** Returns what a value's class is called, as errors of ours put it. */
export function classNameOf(value: object): string {
  const made = readSafely(value, 'constructor');
  const name = typeof made === 'function' ? readSafely(made, 'name') : undefined;
  return typeof name === 'string' && name !== '' ? name : 'without a name';
}
