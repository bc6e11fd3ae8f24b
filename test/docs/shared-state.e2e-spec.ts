import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, pageAt } from './support/pages.js';
import { codeIn, tableRows } from './support/table-rows.js';

const SOURCES = join(ROOT, 'libs/tracing/src');

it('docs/considerations.md lists every slot that the process shares', () => {
  const made = globSync('**/*.ts', { cwd: SOURCES })
    .filter((file) => !file.endsWith('.spec.ts'))
    .flatMap((file) => [
      ...readFileSync(join(SOURCES, file), 'utf8').matchAll(/processSlot\(\s*'([^']+)'/g),
    ])
    .map(([, name = '']) => name);
  const told = tableRows(pageAt('docs/considerations.md'))
    .filter(({ section }) => section === 'State that a process shares')
    .flatMap(({ cells }) => codeIn(cells[0] ?? ''));
  expect(made.length).toBeGreaterThan(10);
  expect(told.toSorted()).toEqual(made.toSorted());
});
