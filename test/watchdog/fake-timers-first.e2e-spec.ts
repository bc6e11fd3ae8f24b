import { afterAll, expect, it, vi } from 'vitest';

// As a set-up file does it: before anything else is loaded.
vi.useFakeTimers();
const { TracingApp } = await import('../support/tracing-app.js');

afterAll(() => vi.useRealTimers());

it('K13 does not watch by timers that were faked before it was loaded, and says so where it was asked for', async () => {
  for (const [options, lines] of [
    [{ watchdog: true }, [expect.stringContaining('timers were faked before')]],
    [{}, []],
  ] as const) {
    const app = await TracingApp.startAsIs({ exporter: 'none', ...options });
    expect(app.tracing.stats().watchdog.isOn).toBe(false);
    expect(app.problems).toEqual(lines);
    const closing = app.close();
    await vi.runAllTimersAsync();
    await closing;
  }
});
