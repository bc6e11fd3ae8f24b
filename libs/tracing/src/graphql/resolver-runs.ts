import { recordRepeated } from '../collapse/record-repeated.js';
import { Entry } from '../entry/entry.js';
import { isObject } from '../span/is-object.js';
import { readGuarded } from '../span/outcome/read-guarded.js';
import { isPlainPromise } from '../span/results/plain-promise.js';
import { spanSite } from '../span/span-site.js';
import { NEST_GRAPHQL } from './conventions.js';
import type { ResolverCall } from './traced-fields.js';

/** Told of how a resolver has ended. */
export interface ResolverOutcome {
  failed(error: unknown): void;
  /** Whether it failed or not. */
  ended(): void;
}

/** Calls a resolver in the context of its operation, which a resolver of a resolver is in already. */
export function runIn(entry: Entry, { resolver, receiver, args }: ResolverCall): unknown {
  return Entry.current() === entry
    ? Reflect.apply(resolver, receiver, args)
    : entry.run(resolver as (...args: unknown[]) => unknown, receiver, args);
}

/** As `runIn`, in a span of its own; of very many of one field the rest has one together. */
export function runInSpan(entry: Entry, call: ResolverCall): unknown {
  const name = `${call.info.parentType.name}.${call.info.fieldName}`;
  const spec = { name, options: { attributes: { [NEST_GRAPHQL.field]: name } } };
  const { resolver, receiver, args } = call;
  const inSpan = (): unknown => {
    const site = spanSite();
    return site === undefined
      ? Reflect.apply(resolver, receiver, args)
      : recordRepeated(site, spec, resolver, receiver, args);
  };
  return entry.run(inSpan, undefined, []);
}

/** Calls something and tells how it ends. What it returns is returned as it is; GraphQL waits for it. */
export function observed(call: () => unknown, outcome: ResolverOutcome): unknown {
  let result: unknown;
  try {
    result = call();
  } catch (error) {
    outcome.failed(error);
    outcome.ended();
    throw error;
  }
  if (!isPlainPromise(result)) {
    if (result instanceof Error) outcome.failed(result);
    outcome.ended();
    return result;
  }
  result.then(
    (value: unknown) => {
      // GraphQL takes an error that is returned for one that is thrown; filters of Nest return theirs.
      if (isError(value)) outcome.failed(value);
      outcome.ended();
    },
    (error: unknown) => {
      outcome.failed(error);
      outcome.ended();
    },
  );
  return result;
}

function isError(value: unknown): boolean {
  return isObject(value) && value instanceof Error && readGuarded(value, 'message') !== undefined;
}
