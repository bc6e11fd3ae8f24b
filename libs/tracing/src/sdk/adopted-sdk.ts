import type { TracerProvider } from '@opentelemetry/api';
import type { ExportStats } from '../export/accounts/export-state.js';
import { noExport } from '../export/accounts/export-state.js';
import type { SpanStats } from '../export/accounts/span-accounts.js';
import { processSlot } from '../process-slot.js';
import { registeredProvider } from '../span/registered-provider.js';
import { Watchdog } from '../watchdog/watchdog.js';
import type { WatchdogSettings } from '../watchdog/watchdog-settings.interface.js';
import { NO_WATCHDOG_STATS } from '../watchdog/watchdog-stats.interface.js';
import type { WatchdogStats } from '../watchdog/watchdog-stats.interface.js';
import { addProcessor } from './added-processor.js';
import { NO_SDK } from './no-sdk.js';
import type { RunningSdk } from './running-sdk.js';

type Flushable = TracerProvider & { forceFlush?: () => Promise<void> };

/** One watchdog for all applications that use a provider of somebody else's. */
interface SharedWatchdog {
  readonly watchdog: Watchdog;
  readonly takeOut: () => void;
  users: number;
}

const watchdogs = processSlot('watchdogs', () => new WeakMap<object, SharedWatchdog>());

/** An SDK that somebody else registered: it is flushed, but whoever started it shuts it down. */
export class AdoptedSdk implements RunningSdk {
  readonly origin = 'adopted';
  readonly followsLocalParent = false;
  readonly #provider: Flushable = registeredProvider();
  readonly #shared: SharedWatchdog | undefined;
  #isStopped = false;

  /**
   * @param watch how the event loop is watched, if it is
   * @param warn told what the watchdog sees
   */
  constructor(watch?: WatchdogSettings, warn: (message: string) => void = () => undefined) {
    if (watch === undefined) return;
    this.#shared = watchdogs.current.get(this.#provider) ?? this.#share(watch, warn);
    if (this.#shared !== undefined) this.#shared.users += 1;
  }

  async flush(): Promise<void> {
    await this.#provider.forceFlush?.();
  }

  stop(): Promise<void> {
    if (!this.#isStopped) this.#release();
    this.#isStopped = true;
    return this.flush();
  }

  stats(): SpanStats {
    return NO_SDK.stats();
  }

  samplingStats(): readonly [] {
    return [];
  }

  exportStats(): ExportStats {
    return noExport('adopted');
  }

  watch(): void {
    this.#shared?.watchdog.start();
  }

  watchdogStats(): WatchdogStats {
    return this.#shared?.watchdog.stats() ?? NO_WATCHDOG_STATS;
  }

  #share(options: WatchdogSettings, warn: (message: string) => void): SharedWatchdog | undefined {
    const watchdog = new Watchdog(options, warn);
    const takeOut = addProcessor(this.#provider, watchdog.processor());
    if (takeOut === undefined) {
      if (!options.isQuiet)
        warn(
          'The watchdog is off: the registered SDK takes no span processor any more. Let TracingModule ' +
            'start the SDK, or set watchdog: false.',
        );
      return undefined;
    }
    const shared = { watchdog, takeOut, users: 0 };
    watchdogs.current.set(this.#provider, shared);
    return shared;
  }

  #release(): void {
    const shared = this.#shared;
    if (shared === undefined) return;
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.watchdog.stop();
    shared.takeOut();
    watchdogs.current.delete(this.#provider);
  }
}
