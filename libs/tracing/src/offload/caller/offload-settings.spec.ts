import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../options/resolve-options.js';
import { resolveOffload } from './offload-settings.js';

describe('the option offload', () => {
  it('has a default for everything, merged in one place', () => {
    const { maxThreads, ...rest } = resolveOffload();
    expect(maxThreads).toBeGreaterThanOrEqual(1);
    expect(rest).toEqual({ maxQueue: 1000, graceMillis: 1000, backend: 'piscina' });
    expect(resolveOffload({ maxQueue: 0 }).maxQueue).toBe(0);
  });

  it.each([
    [{ maxThreads: 0 }, 'offload.maxThreads: write a number above 0'],
    [{ maxQueue: -1 }, 'offload.maxQueue: write a number, 0 or more'],
    [{ graceMillis: Infinity }, 'offload.graceMillis: '],
    [{ backend: 'bull' }, 'offload.backend: write "piscina", "inline", or an OffloadBackend'],
    [{ backend: { run: () => 1 } }, 'offload.backend: '],
    [{ maxThread: 1 }, 'offload.maxThread: there is no such option; did you mean "maxThreads"?'],
  ])('refuses %j with what to write', (offload, message) => {
    expect(() => resolveOptions({ offload } as object)).toThrow(message);
  });

  it('takes a backend of your own', () => {
    const backend = {
      concurrency: 1,
      run: () => Promise.reject(new Error()),
      close: () => Promise.resolve(),
    };
    expect(resolveOptions({ offload: { backend } }).offload.backend).toBe(backend);
  });
});
