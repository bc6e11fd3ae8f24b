import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ExpressTable } from './express-table.js';

interface Layer {
  readonly route?: { readonly path: string };
  match(path: string): unknown;
}
interface ExpressRouter {
  readonly stack: readonly Layer[];
  get(path: string | RegExp | string[], handler: () => void): void;
  post(path: string, handler: () => void): void;
}
const { Router } = createRequire(import.meta.url)('express') as {
  Router: (options?: object) => ExpressRouter;
};

const handler = (): void => undefined;

function tableOf(router: ExpressRouter): ExpressTable {
  return new ExpressTable(
    () => router,
    () => false,
  );
}

/** The route that Express itself would have. */
function byExpress({ stack }: ExpressRouter, path: string): string | undefined {
  return stack.find((layer) => layer.match(path) !== false && layer.match(path) !== undefined)
    ?.route?.path;
}

/** Numbers that are the same in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const IN_TREE = ['a', 'b', 'A', ':id', ':id.json', 'v:id', 'a{b}', '{:opt}'];
const ASKED = [':a-:b', '*any', 'x\\:', ':"a b"', ':a{-:b}'];
const TEMPLATE_PARTS = [...IN_TREE, ...IN_TREE, ...ASKED];
const PATH_PARTS = ['a', 'b', 'A', 'ab', 'x', 'x.json', 'v1', 'v', '.json', '', 'a-b', 'x:', 'b-'];

describe('the table of routes', () => {
  it.each([{}, { caseSensitive: true }, { strict: true }])(
    'finds what Express finds, for many random tables: %j',
    (options) => {
      const random = randomNumbers(7);
      const some = (parts: readonly string[], most: number): string =>
        `/${Array.from({ length: 1 + random(most) }, () => parts[random(parts.length)]).join('/')}`;
      let found = 0;
      for (let run = 0; run < 300; run += 1) {
        const router = Router(options);
        for (let at = 0; at < 6; at += 1) {
          const end = ['', '', '/', '/*rest', '{/*rest}'][random(5)];
          router.get(`${some(TEMPLATE_PARTS, 3)}${end}`, handler);
        }
        router.get('/', handler);
        const table = tableOf(router);
        for (let at = 0; at < 30; at += 1) {
          const path = some(PATH_PARTS, 4);
          const theirs = byExpress(router, path);
          if (theirs !== undefined) found += 1;
          const routes = router.stack.map(({ route }) => route?.path);
          expect({ routes, path, found: table.find('GET', path) }).toEqual({
            routes,
            path,
            found: theirs,
          });
        }
      }
      expect(found).toBeGreaterThan(1000);
    },
  );

  it('tells methods apart, a head is a get', () => {
    const router = Router();
    router.post('/orders', handler);
    router.get('/:all', handler);
    const table = tableOf(router);
    const found = ['POST', 'GET', 'HEAD', 'DELETE'].map((method) => table.find(method, '/orders'));
    expect(found).toEqual(['/orders', '/:all', '/:all', undefined]);
  });

  it('asks a route of several templates itself, if one of them has no place in the tree', () => {
    const router = Router();
    router.get(['/orders', '/:from-:to'], handler);
    router.get('/:all', handler);
    const table = tableOf(router);
    const paths = ['/orders', '/1-2', '/1'];
    const found = paths.map((path) => table.find('GET', path));
    expect(found).toEqual(['/orders', '/:from-:to', '/:all']);
  });

  it.each(['/r/:a-:b-:c', '/w/*a/end', '/*a/x/*b/y/*c', '/*a-:b/*c', '/:a-:b{-:c}{/*d}'])(
    'asks %s about a long path in the time that the path is long',
    (template) => {
      const router = Router();
      router.get(template, handler);
      const table = tableOf(router);
      const start = performance.now();
      for (const part of ['-', '/', 'a', '/x/', '/end', '-a', '/x/y', '/y/x']) {
        table.find('GET', `/w/${part.repeat(100_000)}\n/!`);
      }
      // Some milliseconds. In the square of the path's length it would be minutes.
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );

  it('knows routes that are added later, and leaves out what it does not understand', () => {
    const router = Router();
    router.get(/^\/orders/, handler);
    const table = tableOf(router);
    expect(table.find('GET', '/orders')).toBeUndefined();
    router.get('/orders', handler);
    expect(table.find('GET', '/orders?id=1')).toBe('/orders');
    expect(table.find('GET', 'http://host/orders')).toBe('/orders');
  });
});
