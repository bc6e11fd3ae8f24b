import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OffloadDataError } from './built.js';
import * as hostile from './fixtures/hostile.task.mjs';
import type { Offloading } from './offloading.js';
import { rejection, startOffloading } from './offloading.js';

describe.each(['piscina', 'inline'] as const)(
  'what does not want to be looked at (%s)',
  (backend) => {
    let app: Offloading;
    beforeAll(async () => {
      app = await startOffloading({ backend });
    });
    afterAll(() => app.close());

    it.each([
      ['strict', { message: '' }],
      ['closed', /Error: closed/],
      ['revoked', /Revoked/],
      ['getters', { message: '' }],
      ['errorsProxy', { message: 'list' }],
      ['constructor', { message: 'odd' }],
      ['noText', /toString/],
      ['cyclic', { message: 'cyclic' }],
    ] as const)('rejects with what can be read of it, thrown (%s)', async (how, expected) => {
      const error = await rejection(app.tracing.offload(hostile.raise, how));
      if (expected instanceof RegExp) expect(error).toMatch(expected);
      else expect(error).toMatchObject(expected);
      expect(app.tracing.stats().offload.crashed).toBe(0);
    });

    it.each([
      ['strict', /^result\.env is a Proxy/],
      ['revoked', /^result\[0\] is a Proxy/],
      ['constructor', /^result\.at is an instance of class without a name/],
    ] as const)('is named by its path in a result (%s)', async (how, message) => {
      const error = (await rejection(app.tracing.offload(hostile.give, how))) as Error;
      expect(error).toBeInstanceOf(OffloadDataError);
      expect(error.message).toMatch(message);
    });

    it('is no hindrance where it need not be looked at', async () => {
      expect(await app.tracing.offload(hostile.give, 'map')).toEqual(new Map([['a', 1]]));
      expect(await app.tracing.offload(hostile.give, 'set')).toEqual(new Set([1]));
    });

    it('rejects as the task itself would with a result that throws when it is awaited', async () => {
      const error = await rejection(app.tracing.offload(hostile.give, 'itself'));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: 'nobody reads then' });
    });

    it.each([
      ['strict', /^input\.env is a Proxy/],
      ['revoked', /^input\[0\] is a Proxy/],
      ['constructor', /^input\.at is an instance of class without a name/],
    ] as const)('is named by its path in an input (%s)', async (how, message) => {
      const error = (await rejection(
        app.tracing.offload(hostile.give, hostile.inputs[how]()),
      )) as Error;
      expect(error).toBeInstanceOf(OffloadDataError);
      expect(error.message).toMatch(message);
    });
  },
);
