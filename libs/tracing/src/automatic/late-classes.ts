import { ModuleRef } from '@nestjs/core';
import { standIn } from '../decorators/stand-in.js';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import type { AnyFunction } from '../span/record.js';
import { shadowMethod } from '../span/results/own-method.js';
import type { AnyClass, NestModule } from './candidates.js';

/** Told of what an application has after its start. */
interface LateClasses {
  /** Modules may have come. */
  modulesLoaded(): void;
  /** An instance of a class that may be of no module is about to be made. */
  aboutToMake(type: AnyClass, module: unknown): void;
}

const watched = new WeakSet<object>();

/**
 * Watches what makes instances after an application's start: `moduleRef.create()` of each module, and the
 * loader of lazy modules. They are the application's own objects, and have methods of their own meanwhile.
 */
export function watchLateClasses(
  modules: Iterable<NestModule>,
  loader: object | undefined,
  late: LateClasses,
): (() => void)[] {
  const undo = [...modules].map((one) => watchCreate(one, late));
  if (loader !== undefined) undo.push(watch(loader, 'load', (call) => loading(call, late)));
  return undo.filter((each) => each !== undefined);
}

function watchCreate(one: NestModule, late: LateClasses): (() => void) | undefined {
  const moduleRef: unknown = one.providers.get(ModuleRef)?.instance;
  if (!isObject(moduleRef)) return undefined;
  return watch(moduleRef, 'create', (call, [type]) => {
    if (typeof type === 'function') {
      const made = type as unknown as AnyClass;
      guard('looking at a class', () => late.aboutToMake(made, one.metatype));
    }
    return call();
  });
}

function watch(
  target: object,
  key: string,
  around: (call: () => unknown, args: unknown[]) => unknown,
): (() => void) | undefined {
  if (watched.has(target)) return undefined;
  const method = (target as Record<string, AnyFunction | undefined>)[key];
  if (method === undefined) return undefined;
  const stand = standIn(method, (receiver, args) =>
    around(() => Reflect.apply(method, receiver, args), args),
  );
  const undo = shadowMethod(target, key, stand);
  if (undo === undefined) return undefined;
  watched.add(target);
  return () => {
    watched.delete(target);
    undo();
  };
}

async function loading(call: () => unknown, late: LateClasses): Promise<unknown> {
  const loaded = await call();
  guard('looking at lazy modules', () => late.modulesLoaded());
  return loaded;
}
