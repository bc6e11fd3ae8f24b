import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { node } from '../offload/plain-node.js';
import { OtlpCollector } from '../support/otlp-collector.js';

const fixture = (file: string) => fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));

interface Outcome {
  readonly tree: string[];
  readonly open: number;
  readonly detached: number;
  readonly offloaded: number;
  /** Whether what a task threw is of the class that its file exports. */
  readonly failure: boolean;
  /** Whether the application knows `TracingService` of its own copy, and that of the other. */
  readonly tokens: [boolean, boolean];
}

/** Bundles and Jest may load the package as CommonJS where something else has it as ES modules. */
describe.each([
  { first: 'esm', other: 'CommonJS' },
  { first: 'cjs', other: 'ES modules' },
])('a module of $first beside a copy that is $other', ({ first }) => {
  const run = async () => (await node([fixture('application.cjs'), first])).result as Outcome;

  it('has one runtime, one recorder, one detached registry and one kind of task', async () => {
    const { tree, open, detached, offloaded, failure } = await run();
    expect(tree).toEqual([
      'Shop.order',
      '  Shop.reserve', // the module's policy of errors holds for both copies: no status=ERROR
      'Shop.audit link=Shop.order',
      'offload double',
      '  task double',
      'offload fail',
      '  task fail',
    ]);
    expect({ open, detached, offloaded, failure }).toEqual({
      open: 0,
      detached: 1,
      offloaded: 42,
      failure: true,
    });
  });

  it('has classes of its own: providers are found by those of the copy that has the module', async () => {
    expect((await run()).tokens).toEqual([true, false]);
  });
});

it('exports from a thread where the package is CommonJS', async () => {
  const collector = await OtlpCollector.start();
  try {
    const { result, stderr } = await node([fixture('exporting.cjs'), collector.url]);
    expect([result, stderr]).toEqual([1, '']);
    expect(collector.names).toEqual(['order']);
  } finally {
    await collector.close();
  }
});
