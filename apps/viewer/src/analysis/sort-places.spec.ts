import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortPlaces } from './sort-places.js';

describe('places in an order', () => {
  it('are those of a stable sort, whatever the values are', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 70 });
    fc.assert(
      fc.property(values, (keys) => {
        const sorted = sortPlaces(keys.length, (one, other) => keys[one]! < keys[other]!);
        const expected = [...keys.keys()].toSorted((one, other) => keys[one]! - keys[other]!);
        expect([...sorted]).toEqual(expected);
      }),
    );
  });

  it('are looked at once each if they are in order already', () => {
    let looks = 0;
    sortPlaces(1_000, (one, other) => {
      looks += 1;
      return one < other;
    });
    expect(looks).toBe(999);
  });
});
