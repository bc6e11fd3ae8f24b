import type { Span } from '@opentelemetry/api';
import { CallTally } from '../collapse/call-tally.js';
import { beginRepeated } from '../collapse/record-repeated.js';
import { RepeatedCalls } from '../collapse/repeated-calls.js';
import { markAutomatic } from '../decorators/bare-method.js';
import { INTERCEPTION, isInterceptorCall, mayIntercept } from '../decorators/interceptor-call.js';
import { resemble } from '../decorators/metadata.js';
import { methodSpec } from '../decorators/method-spec.js';
import { isMiddlewareCall, recordMiddleware } from '../decorators/record-middleware.js';
import { declaredShape } from '../decorators/wrap-method.js';
import { mayStart } from '../span/budget/may-start.js';
import type { AnyFunction, CallShape } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import { recordingParent } from './recording-parent.js';
import type { AutomaticUser } from './automatic-user.js';
import { userOf } from './automatic-user.js';
import { LazyCall, ShortCall, SpannedCall, returnedCollapsed } from './begun-call.js';
import type { BegunCall, MethodFacts } from './begun-call.js';

/**
 * The stand-in of a method that nobody has put a decorator on. It has a span only inside of another one that
 * records: else timers and pools would begin traces that nobody has asked for.
 *
 * @param name `Class.method`
 * @param returnType what the compiler has noted of it
 * @param users the applications that have chosen it, at the time of a call
 */
export function automaticMethod(
  method: AnyFunction,
  name: string,
  returnType: unknown,
  users: readonly AutomaticUser[],
): AnyFunction {
  const calls = new AutomaticCalls(methodFacts(method, name, returnType), users);
  const automatic = standIn(method, calls);
  resemble(automatic, method);
  markAutomatic(automatic, method);
  return automatic;
}

function standIn(method: AnyFunction, calls: AutomaticCalls): AnyFunction {
  if (method.name === 'use') return middlewareCalls(method, calls);
  return mayIntercept(method) ? interceptorCalls(method, calls) : plainCalls(method, calls);
}

function plainCalls(method: AnyFunction, calls: AutomaticCalls): AnyFunction {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const { automatic } = {
    automatic(this: unknown, ...args: never[]): unknown {
      const parent = recordingParent();
      if (parent === undefined) return Reflect.apply(method, this, args);
      const call = calls.begin(parent, this);
      if (call === undefined) return Reflect.apply(method, this, args);
      let result: unknown;
      if (call instanceof CallTally) {
        const startTime = call.begin();
        try {
          result = Reflect.apply(method, this, args);
        } catch (error) {
          call.failed(startTime, error);
          throw error;
        }
        return returnedCollapsed(call, startTime, result, calls.facts.shape);
      }
      try {
        result =
          call.run === undefined ? Reflect.apply(method, this, args) : call.run(method, this, args);
      } catch (error) {
        call.threw(error);
        throw error;
      }
      return call.returned(result);
    },
  };
  return automatic;
}

/** A middleware ends with what it calls: what comes after is no part of it. */
function middlewareCalls(method: AnyFunction, calls: AutomaticCalls): AnyFunction {
  const plain = plainCalls(method, calls);
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const { automatic } = {
    automatic(this: unknown, ...args: never[]): unknown {
      const isInSpan = recordingParent() !== undefined && isMiddlewareCall(method, args);
      const site = isInSpan ? spanSite() : undefined;
      if (site === undefined || !calls.isChosenFor(this)) return Reflect.apply(plain, this, args);
      const { spec } = calls.facts;
      return mayStart(site.parent, spec.name)
        ? recordMiddleware(site, spec, method, this, args)
        : Reflect.apply(method, this, args);
    },
  };
  return automatic;
}

/** The handler that an interceptor asks for lies within its span. */
function interceptorCalls(method: AnyFunction, calls: AutomaticCalls): AnyFunction {
  const plain = plainCalls(method, calls);
  const intercepting = plainCalls(method, calls.shaped(INTERCEPTION));
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const { automatic } = {
    automatic(this: unknown, ...args: never[]): unknown {
      return Reflect.apply(isInterceptorCall(args) ? intercepting : plain, this, args);
    },
  };
  return automatic;
}

function methodFacts(method: AnyFunction, name: string, returnType: unknown): MethodFacts {
  const spec = methodSpec(name, {}, [])([]);
  return { spec, shape: declaredShape(method, returnType), isAtOnce: false };
}

/** The calls of one method that are made inside of a span. */
class AutomaticCalls {
  readonly facts: MethodFacts;
  readonly #users: readonly AutomaticUser[];
  /** What measures the calls under the parent that it was last called under too often. */
  #tally: CallTally | undefined;

  constructor(facts: MethodFacts, users: readonly AutomaticUser[]) {
    this.facts = facts;
    this.#users = users;
  }

  /** The calls of the same method whose results are known. */
  shaped(shape: CallShape): AutomaticCalls {
    return new AutomaticCalls({ ...this.facts, shape }, this.#users);
  }

  isChosenFor(receiver: unknown): boolean {
    return userOf(this.#users, receiver) !== undefined;
  }

  /** Begins a call, one of very many or one that is looked at for itself, unless it is to have no span. */
  begin(parent: Span, receiver: unknown): CallTally | BegunCall | undefined {
    const user = userOf(this.#users, receiver);
    if (user === undefined) return undefined;
    const { shape, isAtOnce } = this.facts;
    const { minDurationMillis } = user.application;
    if (minDurationMillis > 0 && isAtOnce) return new ShortCall(this.facts, minDurationMillis);
    const tally = this.#tallyUnder(parent);
    if (tally !== undefined) return tally;
    return shape.lazy === true ? new LazyCall(this.facts) : this.#beginHere(parent);
  }

  /** Returns what measures the calls under a span, if they are known to be too many. */
  #tallyUnder(parent: Span): CallTally | undefined {
    // In a loop that does not wait, nothing has to be looked up; loops that wait take turns.
    if (this.#tally?.calledUnder === parent) return this.#tally;
    const tally = RepeatedCalls.knownUnder(parent)?.tallyOf(this.facts.spec.name);
    return tally && this.#remember(tally, parent);
  }

  #remember(tally: CallTally, parent: Span): CallTally {
    tally.calledUnder = parent;
    this.#tally = tally;
    return tally;
  }

  #beginHere(parent: Span): CallTally | BegunCall | undefined {
    const site = spanSite();
    const begun = site && beginRepeated(site, this.facts.spec);
    if (begun === undefined) return undefined;
    return begun instanceof CallTally
      ? this.#remember(begun, parent)
      : new SpannedCall(begun, this.facts);
  }
}
