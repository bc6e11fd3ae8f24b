import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { encodeResource, encodeScope } from '../encoder/resource.js';
import type { ExportBridge } from '../bridge/export-bridge.interface.js';

/** Whom spans come from: one resource, and scopes that the bridge knows by their index. */
export class SpanOrigins {
  readonly #bridge: Pick<ExportBridge, 'addScope' | 'setResource'>;
  readonly #scopes = new WeakMap<InstrumentationScope, number>();
  readonly #scopesByContent = new Map<string, number>();
  #lastScope: InstrumentationScope | undefined;
  #lastIndex = 0;
  #resource: Resource | undefined;
  #resourceIsSent = false;

  constructor(bridge: Pick<ExportBridge, 'addScope' | 'setResource'>) {
    this.#bridge = bridge;
  }

  /** The index of the span's scope; one that is new is told to the bridge. */
  scopeIndex({ instrumentationScope, resource }: ReadableSpan): number {
    if (instrumentationScope === this.#lastScope) return this.#lastIndex;
    if (this.#resource === undefined) this.#adoptResource(resource);
    const index = this.#scopes.get(instrumentationScope) ?? this.#addScope(instrumentationScope);
    this.#lastScope = instrumentationScope;
    this.#lastIndex = index;
    return index;
  }

  /** Resolves once everything about the resource is known. */
  async whenKnown(): Promise<void> {
    await this.#resource?.waitForAsyncAttributes?.();
  }

  /** Tells the bridge the resource as far as it is known, unless it was told before. */
  sendResource(): void {
    if (this.#resource === undefined || this.#resourceIsSent) return;
    this.#resourceIsSent = true;
    this.#bridge.setResource(encodeResource(this.#resource), this.#resource.schemaUrl);
  }

  /** A tracer has one scope for all its spans; a span from a worker brings a copy of its own. */
  #addScope(instrumentationScope: InstrumentationScope): number {
    const { schemaUrl } = instrumentationScope;
    const scope = encodeScope(instrumentationScope);
    const content = `${Buffer.from(scope).toString('latin1')} ${schemaUrl ?? ''}`;
    const index = this.#scopesByContent.get(content) ?? this.#scopesByContent.size;
    this.#scopes.set(instrumentationScope, index);
    if (index < this.#scopesByContent.size) return index;
    this.#scopesByContent.set(content, index);
    this.#bridge.addScope({ scope, ...(schemaUrl === undefined ? {} : { schemaUrl }) });
    return index;
  }

  /** Parts of a resource may still be looked up: the export waits for them, the end does not. */
  #adoptResource(resource: Resource): void {
    this.#resource = resource;
    if (resource.asyncAttributesPending !== true) return this.sendResource();
    const send = (): void => this.sendResource();
    resource.waitForAsyncAttributes?.().then(send, send);
  }
}
