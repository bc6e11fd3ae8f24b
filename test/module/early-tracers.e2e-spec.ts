import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { OtlpCollector } from '../support/otlp-collector.js';

const SERVICE = fileURLToPath(new URL('fixtures/early-tracer.cjs', import.meta.url));

it('S5 a tracer that a CommonJS file took before the start records from the start on', async () => {
  const collector = await OtlpCollector.start();
  const { stderr } = await promisify(execFile)(process.execPath, [SERVICE, collector.url]);
  await collector.close();
  expect(stderr).toBe('');
  const [outer] = collector.named('outer');
  expect(collector.named('inner')).toMatchObject([{ parentSpanId: outer?.spanId }]);
});
