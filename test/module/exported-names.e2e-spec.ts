import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PACKAGE = new URL('../../libs/tracing/', import.meta.url);

const { exports } = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')) as {
  exports: Record<string, string | { default: string }>;
};

const entries = Object.entries(exports).flatMap(([entry, target]) =>
  typeof target === 'string' || entry === './register' ? [] : [[entry, target.default] as const],
);

/** Functions and classes are called what they are imported as: Nest, logs and errors go by it. */
it.each(entries)('what %s exports keeps its name in the built package', async (_, path) => {
  const built = (await import(new URL(path, PACKAGE).href)) as Record<string, unknown>;
  const named = Object.entries(built).filter(([, value]) => typeof value === 'function');
  expect(named.length).toBeGreaterThan(0);
  expect(named.map(([, value]) => (value as { name: string }).name)).toEqual(
    named.map(([name]) => name),
  );
});
