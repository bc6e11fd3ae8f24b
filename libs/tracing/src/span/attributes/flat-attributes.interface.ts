/**
 * One value of a span's attribute: flat, as OpenTelemetry wants it for spans. A bigint becomes a number
 * or a text, a Date its ISO text.
 *
 * @see https://opentelemetry.io/docs/specs/otel/common/#attribute
 *
 * @example
 * ```ts
 * const lines: FlatAttributeValue = order.lines.map(({ sku }) => sku);
 * ```
 */
export type FlatAttributeValue =
  | string
  | number
  | boolean
  | bigint
  | Date
  | readonly (string | null | undefined)[]
  | readonly (number | null | undefined)[]
  | readonly (boolean | null | undefined)[];

/**
 * Attributes of a span. Objects do not compile: name their parts. What is null or undefined is left out.
 *
 * @example
 * ```ts
 * const attributes: FlatAttributes = { 'order.id': order.id }; // not: { order: { id: order.id } }
 * ```
 */
export interface FlatAttributes {
  readonly [key: string]: FlatAttributeValue | null | undefined;
}
