import type { FlatAttributeValue } from '../span/attributes/flat-attributes.interface.js';
import { DecoratorUsageError } from './decorator-usage.error.js';
import { SPAN_ATTRIBUTES_METADATA } from './metadata.js';

/** One parameter that becomes a span attribute. */
export interface ParameterAttribute {
  readonly index: number;
  readonly key: string;
  readonly pick: ((value: never) => FlatAttributeValue | null | undefined) | undefined;
}

/**
 * Records a parameter of a traced method as attribute `key` of its span, given when the span starts.
 * Objects are never recorded; `pick` takes a part of one.
 *
 * @param key the attribute's name, such as `order.id`
 * @param pick reads the attribute's value from the argument. Default: the argument itself
 * @throws DecoratorUsageError if it is not put on a method's parameter
 * @see https://opentelemetry.io/docs/specs/semconv/general/naming/
 *
 * @example
 * ```ts
 * @Traced()
 * async ship(
 *   @SpanAttribute('order.id') id: string,
 *   @SpanAttribute('order.lines', ({ lines }: Order) => lines.length) order: Order,
 * ) {}
 * ```
 */
export function SpanAttribute<T = never>(
  key: string,
  pick?: (value: T) => FlatAttributeValue | null | undefined,
): ParameterDecorator {
  return (target, method, index) => {
    if (method === undefined || typeof index !== 'number') {
      throw new DecoratorUsageError(
        `@SpanAttribute('${key}') belongs on a parameter of a method: a constructor or property has no span.`,
      );
    }
    const attributes = [...parameterAttributes(target, method), { index, key, pick }];
    Reflect.defineMetadata(SPAN_ATTRIBUTES_METADATA, attributes, target, method);
  };
}

/** The parameters of a method, or of the one it inherits, that become attributes. */
export function parameterAttributes(
  target: object,
  method: string | symbol,
): readonly ParameterAttribute[] {
  const found = Reflect.getMetadata(SPAN_ATTRIBUTES_METADATA, target, method) as
    readonly ParameterAttribute[] | undefined;
  return found ?? [];
}

/** Reads the named parameters from a call's arguments. */
export function readParameters(
  parameters: readonly ParameterAttribute[],
  args: ArrayLike<unknown>,
): Record<string, unknown> {
  const attributes: Record<string, unknown> = {};
  for (const { index, key, pick } of parameters) {
    const value = args[index];
    attributes[key] = pick === undefined ? value : pick(value as never);
  }
  return attributes;
}
