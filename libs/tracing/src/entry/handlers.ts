import { context } from '@opentelemetry/api';
import { MetadataScanner } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { bareMethod } from '../decorators/bare-method.js';
import { codeName } from '../decorators/code-name.js';
import { standIn } from '../decorators/stand-in.js';
import { isDecided } from '../decorators/wrap-method.js';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import type { AnyFunction, CallShape } from '../span/record.js';
import { record } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import { deliverIn, isAnyObservable } from '../span/results/observable.js';
import { ENTRY_OBSERVER, observeWith } from './exception-observer.js';
import { Entry } from './entry.js';
import { isCalledByApply, placeBeforeCalls } from './handler-calls.js';
import { PlacedMethods } from './placed-methods.js';
import type { PlacedOn } from './placed-methods.js';
import { processSlot } from '../process-slot.js';

/** What Nest knows of a provider or controller, as far as it is used. */
export interface HandlerOwner {
  readonly metatype?: unknown;
  readonly instance?: unknown;
}

/** A class that has a handler, and what the handler is called there: one that is inherited has several. */
interface HandlerUser {
  readonly prototype: object;
  readonly codeName: string;
}

const handlers = new PlacedMethods(
  processSlot('entry handlers', (): PlacedOn<HandlerUser> => new WeakMap()),
);

/**
 * Puts a stand-in over a method that handles what comes in.
 *
 * @param make makes the stand-in of the method that is there now
 * @returns a function that puts back what was there, once everybody who has asked for it has called theirs
 */
export function placeStandIn(
  prototype: object,
  name: string,
  make: (method: AnyFunction) => AnyFunction,
): () => void {
  return handlers.place(prototype, name, userOf(prototype, name), make);
}

/**
 * Prepares the methods of an application's classes that handle what comes in: what Nest shows their
 * exception filters is shown to the active entry, and a stand-in before what Nest calls tells it that its
 * handler was reached. Nest must not have looked the methods up yet.
 *
 * @param isHandler tells the handlers by their metadata
 * @returns a function that puts the prototypes back, once every application that uses them has called its own
 */
export function prepareHandlers(
  owners: Iterable<HandlerOwner>,
  isHandler: (method: object) => boolean,
): () => void {
  const scanner = new MetadataScanner();
  const prototypes = new Set<object>();
  for (const owner of owners) {
    const prototype = guard('looking for the methods of a class', () => prototypeOf(owner));
    if (prototype !== undefined) prototypes.add(prototype);
  }
  const undo: (() => void)[] = [];
  for (const prototype of prototypes) {
    guard('looking at the methods of a class', () => {
      for (const name of scanner.getAllMethodNames(prototype)) {
        const method = (prototype as Record<string, unknown>)[name];
        if (typeof method !== 'function' || !isHandler(method)) continue;
        observeWith(ENTRY_OBSERVER, method);
        undo.push(announce(prototype, name, method as AnyFunction));
      }
    });
  }
  return () => undo.splice(0).forEach((takeOut) => takeOut());
}

/** A controller is made from its class; a provider may be an object that somebody else has made. */
function prototypeOf({ metatype, instance }: HandlerOwner): object | undefined {
  const made: unknown = isObject(instance) ? Object.getPrototypeOf(instance) : undefined;
  const prototype: unknown = made ?? (metatype as { prototype?: unknown } | null)?.prototype;
  return isObject(prototype) && prototype !== Object.prototype ? prototype : undefined;
}

function announce(prototype: object, name: string, method: AnyFunction): () => void {
  const user = userOf(prototype, name);
  return isCalledByApply(method)
    ? placeBeforeCalls(handlers, method, user, announced)
    : handlers.place(prototype, name, user, announced);
}

function userOf(prototype: object, name: string): HandlerUser {
  return { prototype, codeName: codeName(prototype, name) };
}

/** What a handler is called where a receiver has it. */
function nameFor(users: readonly HandlerUser[], receiver: unknown): string | undefined {
  const prototype: unknown = isObject(receiver) ? Object.getPrototypeOf(receiver) : undefined;
  const user = users.find((each) => each.prototype === prototype) ?? users[0];
  return user?.codeName;
}

/** The stand-in of a handler. Outside of an entry, and without users, it is the handler, and nothing else. */
function announced(method: AnyFunction, users: readonly HandlerUser[]): AnyFunction {
  const shape: CallShape = { lazy: undefined };
  const isTraced = isDecided(method);
  return standIn(method, (receiver, args) => {
    const entry = Entry.current();
    const name = entry?.isOpen === true ? nameFor(users, receiver) : undefined;
    if (entry === undefined || name === undefined) return Reflect.apply(method, receiver, args);
    entry.reached(name);
    const { calls } = entry;
    const site = calls !== undefined && !isTraced ? spanSite() : undefined;
    const call = (): unknown =>
      site === undefined
        ? Reflect.apply(method, receiver, args)
        : record(site, { name, options: {} }, bareMethod(method), receiver, args, shape);
    const result = calls === undefined ? call() : calls.count(call);
    return isObject(result) && isAnyObservable(result)
      ? deliverIn(result as Observable<unknown>, context.active())
      : result;
  });
}
