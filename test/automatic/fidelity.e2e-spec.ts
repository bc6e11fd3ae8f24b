import type { INestApplication } from '@nestjs/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeApp, startLibraryApp } from './support/library-app.js';

const paths = fc.array(
  fc.oneof(
    fc
      .tuple(fc.constantFrom('add', 'find', 'cached', 'fail'), fc.constantFrom('a', 'b', 'c'))
      .map(([what, name]) => `items/${what}/${name}`),
    fc.constant('health'),
    fc.constant('nowhere'),
  ),
  { minLength: 1, maxLength: 25 },
);

interface Answers {
  readonly about: object;
  readonly bodies: readonly unknown[];
}

async function answersOf(autoTrace: boolean, asked: readonly string[]): Promise<Answers> {
  const app: INestApplication = await startLibraryApp(autoTrace);
  try {
    const url = await app.getUrl();
    const bodies: unknown[] = [];
    for (const path of asked) {
      const response = await fetch(`${url}/${path}`);
      bodies.push([path, response.status, await response.json()]);
    }
    return { about: describeApp(app), bodies };
  } finally {
    await app.close();
  }
}

describe('an application of many libraries', () => {
  it('AU2 AU5 AU6 AU7 answers the same with automatic spans and without', async () => {
    const property = fc.asyncProperty(paths, async (asked) => {
      const [bare, traced] = [await answersOf(false, asked), await answersOf(true, asked)];
      expect(traced).toEqual(bare);
    });
    const all = ['add', 'find', 'cached', 'fail', 'cached'].map((what) => `items/${what}/a`);
    const throttled = Array.from({ length: 17 }, () => 'items/find/a');
    const examples: [string[]][] = [[[...all, 'health', 'nowhere']], [throttled]];
    await fc.assert(property, { numRuns: 5, examples });
  });
});
