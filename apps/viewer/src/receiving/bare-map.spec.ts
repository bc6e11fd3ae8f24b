import { describe, expect, it } from 'vitest';
import { bareMap } from './bare-map.js';

describe('P19 a map of attributes', () => {
  it('has no key that is special', () => {
    const map = bareMap();
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(map[key]).toBeUndefined();
      map[key] = { own: key };
    }
    expect(Object.keys(map)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    expect(map['own']).toBeUndefined();
    expect(bareMap()['__proto__']).toBeUndefined();
  });
});
