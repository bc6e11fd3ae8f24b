import type { DiscoveryService } from '@nestjs/core';
import { joinCodeName } from '../decorators/code-name.js';
import { readGuarded } from '../span/outcome/read-guarded.js';
import { isObject } from '../span/is-object.js';
import {
  COMMAND_HANDLER_METADATA,
  EVENTS_HANDLER_METADATA,
  QUERY_HANDLER_METADATA,
  SAGA_METADATA,
} from './cqrs.constants.js';

type AnyClass = abstract new (...args: never[]) => unknown;

/** A class that a decorator of `@nestjs/cqrs` marks. */
interface CqrsClass {
  readonly metatype: AnyClass;
  /** The only one, or undefined if there is one per request, or none yet. */
  readonly instance: object | undefined;
}

/** The providers of an application, as far as they may be marked. */
export class CqrsClasses {
  readonly #classes: readonly CqrsClass[];

  /**
   * @param areMade whether Nest has made all instances. Before, a wrapper must not be asked whether there is
   * only one: it would remember what it answers, and does not know of all dependencies yet
   */
  constructor(discovery: DiscoveryService, areMade: boolean) {
    this.#classes = discovery.getProviders().flatMap((wrapper) => {
      const isOne = areMade && wrapper.isDependencyTreeStatic();
      const instance = isOne ? (wrapper.instance as unknown) : undefined;
      // What a factory makes is known by its class once it is made.
      const metatype: unknown = wrapper.inject
        ? readGuarded(instance, 'constructor')
        : wrapper.metatype;
      if (typeof metatype !== 'function') return [];
      return {
        metatype: metatype as AnyClass,
        instance: isObject(instance) ? instance : undefined,
      };
    });
  }

  /** Where the `handle` of a handler of events is: on its prototype, or on an instance of its own. */
  handlers(): { readonly holder: object; readonly name: string }[] {
    return this.#marked(EVENTS_HANDLER_METADATA).flatMap(({ metatype, instance }) => {
      const own = instance !== undefined && Object.hasOwn(instance, 'handle');
      const holder: unknown = own ? instance : metatype.prototype;
      return isObject(holder) ? { holder, name: joinCodeName(metatype.name, 'handle') } : [];
    });
  }

  /** The name of the method that executes commands or queries, by their class. */
  executors(): WeakMap<object, string> {
    const executors = new WeakMap<object, string>();
    for (const key of [COMMAND_HANDLER_METADATA, QUERY_HANDLER_METADATA]) {
      for (const { metatype } of this.#marked(key)) {
        const handled: unknown = Reflect.getMetadata(key, metatype);
        if (typeof handled === 'function') {
          executors.set(handled, joinCodeName(metatype.name, 'execute'));
        }
      }
    }
    return executors;
  }

  /** The sagas of instances. */
  sagas(): { readonly instance: object; readonly key: string | symbol; readonly name: string }[] {
    return this.#marked(SAGA_METADATA).flatMap(({ metatype, instance }) => {
      const keys = Reflect.getMetadata(SAGA_METADATA, metatype) as unknown;
      if (instance === undefined || !Array.isArray(keys)) return [];
      return (keys as (string | symbol)[]).map((key) => ({
        instance,
        key,
        name: joinCodeName(metatype.name, key),
      }));
    });
  }

  #marked(key: string): CqrsClass[] {
    return this.#classes.filter(({ metatype }) => Reflect.hasMetadata(key, metatype));
  }
}
