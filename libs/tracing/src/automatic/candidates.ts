import { types } from 'node:util';
import type { ModulesContainer } from '@nestjs/core';
import { isObject } from '../span/is-object.js';

/** A module as Nest keeps it. */
export type NestModule = ModulesContainer extends Map<string, infer Kept> ? Kept : never;

type Wrapper = NestModule['providers'] extends Map<unknown, infer Kept> ? Kept : never;

/** Any class, be its constructor private. */
export type AnyClass = abstract new (...args: never[]) => unknown;

/** A class whose instances an application injects, and by what it may be named. */
export interface Candidate {
  readonly type: AnyClass;
  readonly tokens: Set<unknown>;
  readonly modules: Set<unknown>;
}

/**
 * Returns the classes of an application's providers, controllers and enhancers. No getter of theirs is run,
 * and no Proxy is asked.
 *
 * @param areMade whether Nest has made all instances: what a factory has made is then known by its class
 */
export function candidatesOf(modules: Iterable<NestModule>, areMade: boolean): Candidate[] {
  const found = new Map<AnyClass, Candidate>();
  for (const one of modules) {
    for (const wrapper of wrappersOf(one)) {
      const type = classOf(wrapper, areMade);
      if (type === undefined || type === one.metatype) continue;
      const candidate = found.get(type) ?? { type, tokens: new Set(), modules: new Set() };
      found.set(type, candidate);
      candidate.tokens.add(wrapper.token);
      candidate.modules.add(one.metatype);
    }
  }
  return [...found.values()];
}

/** Everything that a module has Nest make. */
export function wrappersOf(one: NestModule): Wrapper[] {
  return [
    ...one.providers.values(),
    ...one.controllers.values(),
    ...one.injectables.values(),
    ...one.middlewares.values(),
  ] as Wrapper[];
}

/** The class of an object, unless only a getter or a Proxy could tell, or it is of none. */
function classOfInstance(instance: unknown): AnyClass | undefined {
  if (!isObject(instance) || types.isProxy(instance)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(instance);
  if (!isObject(prototype) || types.isProxy(prototype) || prototype === Object.prototype)
    return undefined;
  const type: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return isClass(type) && prototypeOf(type) === prototype ? type : undefined;
}

/** The prototype that a class gives its instances. */
export function prototypeOf(type: AnyClass): object | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(type, 'prototype')?.value;
  return isObject(prototype) && !types.isProxy(prototype) ? prototype : undefined;
}

function classOf(wrapper: Wrapper, areMade: boolean): AnyClass | undefined {
  const { metatype, inject } = wrapper;
  if (isClass(metatype) && inject === undefined) return metatype;
  return areMade ? classOfInstance(wrapper.instance) : undefined;
}

function isClass(value: unknown): value is AnyClass {
  return typeof value === 'function' && !types.isProxy(value);
}
