import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VIEWS, formatRoute, parseRoute, type Place, type Route } from './route.js';

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'.split('')), {
      minLength: length,
      maxLength: length,
    })
    .map((digits) => digits.join(''));
const places: fc.Arbitrary<Place> = fc.oneof(
  fc.constant({ page: 'list' as const }),
  fc.constant({ page: 'map' as const }),
  fc.record({
    page: fc.constant('trace' as const),
    traceId: hex(32),
    spanId: fc.oneof(hex(16), fc.constant('')),
  }),
  fc.record({ page: fc.constant('compare' as const), left: hex(32), right: hex(32) }),
);

describe('the address of the page', () => {
  it('P17 brings back every state', () => {
    const routes: fc.Arbitrary<Route> = fc.record({
      place: places,
      query: fc.string(),
      list: fc.constantFrom('traces', 'routes'),
      view: fc.constantFrom(...VIEWS),
      together: fc.array(hex(32), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(formatRoute(route))).toEqual(route);
      }),
    );
    const zoomed = { ...parseRoute('#/map'), window: { from: 5, to: 90 } };
    expect(parseRoute(formatRoute(zoomed))).toEqual(zoomed);
  });

  it.each(['', '#', '#/t/xyz', '#/compare/1/2', '#/t/<img>', '#/t/%00?at=9-1', '#?q=%'])(
    'shows the list for %j',
    (hash) => {
      expect(parseRoute(hash).place).toEqual({ page: 'list' });
    },
  );
});
