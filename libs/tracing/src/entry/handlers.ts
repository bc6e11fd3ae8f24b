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
import { record, spanSite } from '../span/record.js';
import { deliverIn, isAnyObservable } from '../span/results/observable.js';
import { ENTRY_OBSERVER, observeWith } from './exception-observer.js';
import { Entry } from './entry.js';
import { placeStandIn } from './placed-methods.js';

/** What Nest knows of a provider or controller, as far as it is used. */
export interface HandlerOwner {
  readonly metatype?: unknown;
  readonly instance?: unknown;
}

/**
 * Prepares the methods of an application's classes that handle what comes in: what Nest shows their
 * exception filters is shown to the active entry, and a stand-in on the prototype tells it that its handler
 * was reached. Metadata, name and length stay. Nest must not have looked the methods up yet.
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
        undo.push(
          placeStandIn(prototype, name, (found) => announced(found, codeName(prototype, name))),
        );
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

/** The stand-in of a handler. Outside of an entry it is the handler, and nothing else. */
function announced(method: AnyFunction, name: string): AnyFunction {
  const shape: CallShape = { lazy: undefined };
  const isTraced = isDecided(method);
  return standIn(method, (receiver, args) => {
    const entry = Entry.current();
    if (entry?.isOpen !== true) return Reflect.apply(method, receiver, args);
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
