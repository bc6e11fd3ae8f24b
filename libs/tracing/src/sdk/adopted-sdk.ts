import type { TracerProvider } from '@opentelemetry/api';
import type { ExportStats } from '../export/export-state.js';
import { noExport } from '../export/export-state.js';
import type { SpanStats } from '../export/span-accounts.js';
import { registeredProvider } from '../runtime.js';
import { NO_SDK } from './no-sdk.js';
import type { RunningSdk } from './running-sdk.js';

type Flushable = TracerProvider & { forceFlush?: () => Promise<void> };

/** An SDK that somebody else registered: it is flushed, but whoever started it shuts it down. */
export class AdoptedSdk implements RunningSdk {
  readonly origin = 'adopted';
  readonly followsLocalParent = false;
  readonly #provider: Flushable = registeredProvider();

  async flush(): Promise<void> {
    await this.#provider.forceFlush?.();
  }

  stop(): Promise<void> {
    return this.flush();
  }

  stats(): SpanStats {
    return NO_SDK.stats();
  }

  exportStats(): ExportStats {
    return noExport('adopted');
  }
}
