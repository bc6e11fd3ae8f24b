import type { Attributes } from '@opentelemetry/api';
import { addLegalAttributes } from '../span/attributes/legal-attributes.js';
import { guard } from '../span/guard.js';
import type { SpanSpec } from '../span/recording.js';
import { spanOptions } from '../span/span-settings.js';
import type { ParameterAttribute } from './span-attribute.decorator.js';
import { readParameters } from './span-attribute.decorator.js';
import type { TracedOptions } from './traced.interface.js';

/** Builds the spec of one call's span from its arguments. */
export interface SpecOf {
  (args: ArrayLike<unknown>): SpanSpec;
  /** The span's name, where all calls have the same. */
  readonly fixedName?: string | undefined;
}

/** `code.function.name`: the fully qualified name of the code that the span covers. */
const CODE_FUNCTION_NAME = 'code.function.name';

/** The hooks in which applications make their timers, listeners and pools. */
const START_UP_HOOK = /\.(onModuleInit|onApplicationBootstrap)$/;

/** Prepares a method's span once, so that a call only computes what depends on its arguments. */
export function methodSpec(
  codeName: string,
  options: TracedOptions,
  parameters: readonly ParameterAttribute[],
): SpecOf {
  const fixed = { ...fixedSpec(codeName, options), startUp: START_UP_HOOK.test(codeName) };
  const { name, attributes } = options;
  const fromArgs = typeof attributes === 'function' || parameters.length > 0;
  const fixedName = typeof name === 'function' ? undefined : fixed.name;
  if (!fromArgs && fixedName !== undefined) return Object.assign(() => fixed, { fixedName });
  const { options: given, ...outcome } = fixed;
  const specOf = (args: ArrayLike<unknown>): SpanSpec => ({
    ...outcome,
    name: typeof name === 'function' ? nameOf(name, args, fixed.name) : fixed.name,
    options: { ...given, attributes: attributesOf(fixed, attributes, parameters, args) },
  });
  return Object.assign(specOf, { fixedName });
}

function fixedSpec(codeName: string, options: TracedOptions): SpanSpec {
  const { name, result, errors } = options;
  const attributes = typeof options.attributes === 'object' ? options.attributes : {};
  const given = spanOptions(options, { ...attributes, [CODE_FUNCTION_NAME]: codeName });
  Object.freeze(given.attributes); // so that the tracer reads them once
  return {
    name: typeof name === 'string' ? name : codeName,
    options: given,
    result,
    errors,
  };
}

function nameOf(
  name: (...args: never[]) => string,
  args: ArrayLike<unknown>,
  otherwise: string,
): string {
  const built = guard('the span name callback', () => Reflect.apply(name, undefined, args));
  return typeof built === 'string' && built !== '' ? built : otherwise;
}

function attributesOf(
  fixed: SpanSpec,
  attributes: TracedOptions['attributes'],
  parameters: readonly ParameterAttribute[],
  args: ArrayLike<unknown>,
): Attributes {
  const all: Attributes = { ...fixed.options.attributes };
  if (parameters.length > 0) {
    addLegalAttributes(
      all,
      guard('a @SpanAttribute callback', () => readParameters(parameters, args)),
    );
  }
  if (typeof attributes === 'function') {
    addLegalAttributes(
      all,
      guard('the attributes callback', () => Reflect.apply(attributes, undefined, args)),
    );
  }
  return all;
}
