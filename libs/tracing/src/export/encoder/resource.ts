import type { Attributes } from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import { writeAttributes } from './any-value.js';
import { ProtobufWriter } from './protobuf-writer.js';
import { AttributeCopy } from './safe-copy/attributes.js';
import { attempt, copyNumber, copyText } from './safe-copy/scalar.js';

/** Scopes may have attributes in OTLP, though OpenTelemetry's own type does not say so yet. */
interface ScopeContent extends InstrumentationScope {
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

/**
 * The bytes of `opentelemetry.proto.resource.v1.Resource`. Attributes that are still on their way
 * are missing: await the resource's `waitForAsyncAttributes` before. Attributes that cannot be read
 * are dropped and counted.
 *
 * @internal
 */
export function encodeResource(resource: Resource): Uint8Array {
  const write = (attributes: Attributes, dropped: number): Uint8Array => {
    const writer = new ProtobufWriter();
    writeAttributes(writer, 0x0a, attributes);
    if (dropped > 0) writer.uint32(0x10, dropped);
    return writer.finish();
  };
  const bytes = attempt(() => write(resource.attributes, 0), undefined);
  if (bytes !== undefined) return bytes;
  const { kept, dropped } = new AttributeCopy().copy(() => resource.attributes);
  return write(kept, dropped);
}

/**
 * The bytes of `opentelemetry.proto.common.v1.InstrumentationScope`. Its schema URL is no part of
 * them, it belongs to the envelope of its spans. What cannot be read is dropped.
 *
 * @internal
 */
export function encodeScope(scope: InstrumentationScope): Uint8Array {
  return attempt(() => writeScope(scope), undefined) ?? writeScope(copyScope(scope));
}

function writeScope(scope: ScopeContent): Uint8Array {
  const { name, version, attributes, droppedAttributesCount } = scope;
  const writer = new ProtobufWriter();
  writer.text(0x0a, name);
  if (version) writer.text(0x12, version);
  if (attributes) writeAttributes(writer, 0x1a, attributes);
  if (droppedAttributesCount) writer.uint32(0x20, droppedAttributesCount);
  return writer.finish();
}

function copyScope(scope: ScopeContent): ScopeContent {
  const { kept, dropped } = new AttributeCopy().copy(() => scope.attributes);
  return {
    name: copyText(() => scope.name),
    version: copyText(() => scope.version),
    attributes: kept,
    droppedAttributesCount: dropped + copyNumber(() => scope.droppedAttributesCount),
  };
}
