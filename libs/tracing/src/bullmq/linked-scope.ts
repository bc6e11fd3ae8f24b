import type { Context, SpanContext } from '@opentelemetry/api';
import { handOver } from '../span/recording.js';

/** A context whose next span links to another one, and is sampled as that is if the sampler is the module's. */
export function handOverLink(scope: Context, origin: SpanContext): Context {
  const links = [{ context: origin }];
  return handOver(scope, { links, followsLinks: true, started: () => undefined });
}
