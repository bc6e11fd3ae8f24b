import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DemoProcess } from '../support/demo-process.js';
import type { CollectedSpan } from '../support/otlp-collector.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { startPglite } from '../support/pglite.js';

const PAGE = new URL('../../docs/auto-trace.md', import.meta.url);

it('with AUTO_TRACE=1 a lookup of the demo is the tree that docs/auto-trace.md shows', async () => {
  const [collector, postgres] = await Promise.all([OtlpCollector.start(), startPglite()]);
  const demo = DemoProcess.service('main.js', {
    AUTO_TRACE: '1',
    DATABASE_URL: postgres.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  });
  try {
    const response = await fetch(`${await demo.url()}/lookup/user:42`);
    expect(response.status).toBe(200);
    await demo.end('SIGTERM');
    const [request] = collector.named('GET /lookup/:key');
    const tree = [request!.name, ...below(collector, request!, '')].join('\n');
    const shown = /```\n(GET \/lookup\/:key\n[^`]*)\n```/.exec(readFileSync(PAGE, 'utf8'))?.[1];
    expect(tree).toBe(shown);
  } finally {
    await postgres.stop();
    await collector.close();
  }
});

/** By name: siblings run at the same time. How long one waits for a connection is up to the machine. */
function below(collector: OtlpCollector, span: CollectedSpan, indent: string): string[] {
  const children = collector
    .childrenOf(span)
    .filter(({ name }) => name !== 'acquire connection')
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return children.flatMap((child, index) => {
    const isLast = index === children.length - 1;
    const line = `${indent}${isLast ? '└─' : '├─'} ${child.name}`;
    return [line, ...below(collector, child, `${indent}${isLast ? '   ' : '│  '}`)];
  });
}
