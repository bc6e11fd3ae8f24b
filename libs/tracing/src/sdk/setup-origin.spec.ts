import { describe, expect, it } from 'vitest';
import { SetupOrigin } from './setup-origin.js';

/** Stands for `TracingModule.forRoot`. */
function setUp(): SetupOrigin {
  return SetupOrigin.callerOf(setUp);
}

describe('the place of a set-up', () => {
  it('is where the call was made, not the call itself', () => {
    function inTheApplication(): SetupOrigin {
      return setUp();
    }
    const place = inTheApplication().toString();
    expect(place).toMatch(/^inTheApplication \(.*setup-origin\.spec\.ts:\d+:\d+\)/);
    expect(place.split(' < ').length).toBeLessThanOrEqual(3);
  });

  it('is unknown, and no error, where there are no stacks', () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      expect(setUp().toString()).toBe('an unknown place');
    } finally {
      Error.stackTraceLimit = limit;
    }
  });

  it('makes no difference to what Nest takes a module for', () => {
    expect(JSON.stringify(setUp())).toBe(JSON.stringify(SetupOrigin.UNKNOWN));
  });
});
