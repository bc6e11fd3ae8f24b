import type { ReceivedTrace } from './received-trace.interface.js';

/** What is wrong unless every parent is there, and so is every span that a log line names. */
export function joinProblems({ spans, logs }: ReceivedTrace): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId));
  const strays = logs.filter(({ spanId }) => !ids.has(spanId));
  return [
    ...orphans.map(({ name }) => `the parent of ${name} is missing`),
    ...strays.map(({ message }) => `the log line "${message}" names a span that is missing`),
  ];
}
