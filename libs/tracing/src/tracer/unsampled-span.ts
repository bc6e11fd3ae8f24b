import type { Attributes, Exception, Span, SpanContext } from '@opentelemetry/api';
import { SpanIdentity } from './ids/span-identity.js';

/**
 * A span that the sampler has left out: it records nothing. It has an identity, or that of the caller whose
 * decision it follows: then what it sends and logs says the caller's.
 */
export class UnsampledSpan implements Span {
  readonly identity: SpanIdentity | SpanContext;

  /** @param identity a valid one, if it is the caller's */
  constructor(identity: SpanIdentity | SpanContext) {
    this.identity = identity;
  }

  spanContext(): SpanContext {
    const { identity } = this;
    return identity instanceof SpanIdentity ? identity.context : identity;
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(_key?: string, _value?: Attributes[string]): this {
    return this;
  }

  setAttributes(_attributes?: Attributes): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  end(): void {}

  recordException(_exception?: Exception): void {}
}
