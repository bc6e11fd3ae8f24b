import type { Attributes, Link, SpanKind, SpanOptions } from '@opentelemetry/api';
import { legalAttributes } from './attributes/legal-attributes.js';
import type { ErrorPolicy } from './error-policy.js';
import type { FlatAttributes } from './attributes/flat-attributes.interface.js';

/**
 * Describes any span that this package opens.
 *
 * @example
 * ```ts
 * @Traced({ kind: SpanKind.CLIENT, root: true, links: [{ context: origin }] })
 * async poll(): Promise<void> {}
 * ```
 */
export interface SpanSettings {
  /** The kind of the span. Default: `SpanKind.INTERNAL`. */
  readonly kind?: SpanKind;
  /** Links given at start. */
  readonly links?: readonly Link[];
  /** Starts a trace of its own instead of a child of the active span. Default: false. */
  readonly root?: boolean;
  /** Overrides the module's `errors` policy for this span. */
  readonly errors?: ErrorPolicy;
}

/** The settings in OpenTelemetry's form, with attributes made legal. */
export function spanOptions(
  settings: SpanSettings,
  attributes: FlatAttributes | Attributes | undefined,
): SpanOptions {
  const options: SpanOptions = {};
  if (attributes !== undefined) options.attributes = legalAttributes(attributes);
  if (settings.kind !== undefined) options.kind = settings.kind;
  if (settings.links !== undefined) options.links = [...settings.links];
  if (settings.root !== undefined) options.root = settings.root;
  return options;
}
