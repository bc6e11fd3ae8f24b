import { recordSpans } from 'nestjs-tracing/testing';
import { variants } from './variants.js';

// Calls every variant once and sends what is wrong if they do not all record the same.
const spans = recordSpans();
const problems: string[] = [];
for (const { name, call } of variants()) {
  const result = await call();
  const recorded = spans.finished.map((span) => [span.name, span.attributes, span.status.code]);
  const [method] = recorded.flat();
  const argument = name.endsWith(' argument') ? { 'lookup.key': 'key' } : {};
  const expected = [method, { 'code.function.name': method, ...argument }, 0];
  const alike = JSON.stringify(recorded) === JSON.stringify(isBare(name) ? [] : [expected]);
  if (!alike || result !== 4)
    problems.push(`${name} answers ${String(result)} and records ${JSON.stringify(recorded)}`);
  spans.reset();
}
await spans.stop();
process.send?.(problems);

function isBare(name: string): boolean {
  return name.startsWith('bare ');
}
