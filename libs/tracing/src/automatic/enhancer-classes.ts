import { types } from 'node:util';
import { isObject } from '../span/is-object.js';
import type { NestModule } from './candidates.js';

/** Where `@UseGuards()` and the others note what they were given, on a class or method. */
const USED_METADATA = [
  '__guards__',
  '__interceptors__',
  '__pipes__',
  '__exceptionFilters__',
] as const;

/** Where `@Body(new SomePipe())` and the others note the pipes of parameters, on a class and method. */
const ARGUMENTS_METADATA = '__routeArguments__';

/** How the tokens of enhancers that hold everywhere begin: each has a number of its own. */
const GLOBAL_TOKEN = /^APP_(?:GUARD|INTERCEPTOR|PIPE|FILTER)\b/;

/** What an application was given for all of its handlers. */
export interface GlobalEnhancers {
  getGlobalGuards?(): readonly unknown[];
  getGlobalInterceptors?(): readonly unknown[];
  getGlobalPipes?(): readonly unknown[];
  getGlobalFilters?(): readonly unknown[];
}

/** Returns the classes of an application's guards, interceptors, pipes, filters and middleware. */
export function enhancerClasses(
  modules: Iterable<NestModule>,
  everywhere: GlobalEnhancers | undefined,
): Set<object> {
  const found = new Set<object>();
  for (const each of instancesOf(everywhere)) addClassOf(found, each);
  for (const one of modules) {
    for (const { metatype } of one.injectables.values()) addClass(found, metatype);
    for (const { metatype } of one.middlewares.values()) addClass(found, metatype);
    for (const { token, metatype, inject } of one.providers.values()) {
      if (inject === undefined && GLOBAL_TOKEN.test(String(token))) addClass(found, metatype);
    }
    for (const { metatype } of [...one.controllers.values(), ...one.providers.values()]) {
      if (typeof metatype === 'function')
        for (const each of usedBy(metatype)) addClassOf(found, each);
    }
  }
  return found;
}

function instancesOf(everywhere: GlobalEnhancers | undefined): readonly unknown[] {
  return [
    ...(everywhere?.getGlobalGuards?.() ?? []),
    ...(everywhere?.getGlobalInterceptors?.() ?? []),
    ...(everywhere?.getGlobalPipes?.() ?? []),
    ...(everywhere?.getGlobalFilters?.() ?? []),
  ];
}

/** What the decorators of a class and its methods were given; classes are among the injectables too. */
function usedBy(someClass: object): readonly unknown[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(someClass, 'prototype')?.value;
  if (!isObject(prototype) || types.isProxy(prototype)) return givenTo(someClass);
  const members = Object.entries(Object.getOwnPropertyDescriptors(prototype));
  const ofMethods = members.flatMap(([key, { value }]: [string, PropertyDescriptor]) =>
    typeof value === 'function' ? [...givenTo(value), ...pipesOf(someClass, key)] : [],
  );
  return [...givenTo(someClass), ...ofMethods];
}

function givenTo(target: object): unknown[] {
  return USED_METADATA.flatMap((key) => listOf(Reflect.getOwnMetadata(key, target)));
}

function pipesOf(someClass: object, key: string): unknown[] {
  const parameters: unknown = Reflect.getOwnMetadata(ARGUMENTS_METADATA, someClass, key);
  if (!isObject(parameters)) return [];
  return Object.values(parameters).flatMap((parameter) =>
    listOf((parameter as { readonly pipes?: unknown } | null)?.pipes),
  );
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function addClassOf(found: Set<object>, each: unknown): void {
  if (typeof each === 'function') addClass(found, each);
  if (!isObject(each) || types.isProxy(each)) return;
  const prototype: unknown = Object.getPrototypeOf(each);
  if (isObject(prototype) && prototype !== Object.prototype) {
    addClass(found, Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value);
  }
}

function addClass(found: Set<object>, candidate: unknown): void {
  if (typeof candidate === 'function' && !types.isProxy(candidate)) found.add(candidate);
}
