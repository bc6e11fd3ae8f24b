import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { recordSpans } from 'nestjs-tracing/testing';
import type { Variant } from '../measure.js';
import { inMode } from './modes.js';
import { mapVariants, spawnVariants } from './variants.js';

const SIZE = 10;

// Calls every variant once and sends what is wrong if it does not answer and record as by hand.
const spans = recordSpans();
const problems = await inMode('recording', async (tracing) => {
  const [bare, ...spawning] = spawnVariants(tracing, SIZE);
  const answer = JSON.stringify(await bare?.call());
  return [...(await differences(spawning, answer)), ...(await differences(mapVariants(tracing)))];
});
await spans.stop();
process.send?.(problems);

/** The hand-written variant is the first, and `spawned` answers nothing. */
async function differences(variants: readonly Variant[], answer?: string): Promise<string[]> {
  const found: string[] = [];
  let expected = { answer, spans: undefined as string | undefined };
  for (const { name, call } of variants) {
    spans.reset();
    const own = { answer: JSON.stringify(await call()), spans: JSON.stringify(recordedSpans()) };
    expected = { answer: expected.answer ?? own.answer, spans: expected.spans ?? own.spans };
    if (own.spans !== expected.spans) found.push(`${name} records ${own.spans}`);
    if (name !== 'spawned' && own.answer !== expected.answer)
      found.push(`${name} answers ${own.answer}`);
  }
  return found;
}

/** In the order of their ends, attributes in alphabetical order. */
function recordedSpans(): unknown[] {
  const names = new Map(spans.finished.map((span) => [span.spanContext().spanId, span.name]));
  return spans.finished.map((span) => [span.name, parentName(span, names), ...contents(span)]);
}

function parentName({ parentSpanContext }: ReadableSpan, names: ReadonlyMap<string, string>) {
  return names.get(parentSpanContext?.spanId ?? '') ?? null;
}

function contents({ attributes, status, links, events }: ReadableSpan): unknown[] {
  const byKey = Object.entries(attributes).toSorted(([a], [b]) => a.localeCompare(b));
  return [byKey, status, links, events];
}
