import { afterEach, describe, expect, it } from 'vitest';
import { TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { setEnvironment } from '../support/environment.js';
import { TracingApp } from '../support/tracing-app.js';

let restore = (): void => undefined;
afterEach(() => restore());

describe('the option watchdog', () => {
  it.each([
    [{ thresholdMillis: 5 }, 'watchdog.thresholdMillis', '20 or more'],
    [{ thresholdMillis: '100' }, 'watchdog.thresholdMillis', 'write a number of milliseconds'],
    [{ treshold: 100 }, 'watchdog', 'thresholdMillis'],
    ['on', 'watchdog', 'write true, false'],
  ])('refuses %o by its name, with what to write', (watchdog, name, cure) => {
    const options = { strict: true, watchdog } as unknown as TracingModuleOptions;
    const start = (): unknown => TracingModule.forRoot(options);
    expect(start).toThrow(name);
    expect(start).toThrow(cure);
  });

  it.each([
    ['production', undefined, false],
    ['production', true, true],
    ['test', undefined, true],
    ['test', false, false],
    ['development', undefined, true],
    ['', undefined, true],
    ['development', false, false],
  ])('NODE_ENV=%s and %s is on: %s', async (environment, watchdog, isOn) => {
    restore = setEnvironment({ NODE_ENV: environment });
    const given = watchdog === undefined ? {} : { watchdog };
    const app = await TracingApp.startAsIs({ exporter: 'none', ...given });
    const { watchdog: stats } = app.tracing.stats();
    await app.close();
    expect(stats.isOn).toBe(isOn);
  });
});
