import { types } from 'node:util';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object as unknown as {
  getOwnPropertyDescriptor(target: object, key: PropertyKey): PropertyDescriptor | undefined;
  getPrototypeOf(target: object): object | null;
};

/**
 * Returns what a property of an object holds, its own or inherited, without running any code of the
 * object's owner: a getter is not called, and of a Proxy, here or among the prototypes, nothing is
 * asked. Undefined if that cannot be told. What every object and every array inherits is not looked at.
 */
export function dataProperty(target: object, key: PropertyKey): unknown {
  let owner: object | null = target;
  while (owner !== null && owner !== Object.prototype && owner !== Array.prototype) {
    if (types.isProxy(owner)) return undefined;
    const own = getOwnPropertyDescriptor(owner, key);
    if (own !== undefined) return own.value;
    owner = getPrototypeOf(owner);
  }
  return undefined;
}

/** Whether reading a property may run code: it is a getter, or there is a Proxy on the way to it. */
export function runsCode(target: object, key: PropertyKey): boolean {
  let owner: object | null = target;
  while (owner !== null) {
    if (types.isProxy(owner)) return true;
    const own = Object.getOwnPropertyDescriptor(owner, key);
    if (own !== undefined) return own.get !== undefined;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return false;
}

/** Whether an object is what the instances of a class inherit from, and so none itself. */
export function isPrototype(value: object): boolean {
  const made: unknown = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  if (typeof made !== 'function' || types.isProxy(made)) return false;
  return Object.getOwnPropertyDescriptor(made, 'prototype')?.value === value;
}
