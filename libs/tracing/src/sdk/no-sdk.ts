import { noExport } from '../export/accounts/export-state.js';
import { SpanAccounts } from '../export/accounts/span-accounts.js';
import { NO_WATCHDOG_STATS } from '../watchdog/watchdog-stats.interface.js';
import type { RunningSdk } from './running-sdk.js';

/** Stands in where no SDK runs: it is disabled, or could not start. */
export const NO_SDK: RunningSdk = {
  origin: 'none',
  followsLocalParent: false,
  flush: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  stats: () => new SpanAccounts().snapshot(),
  exportStats: () => noExport('none'),
  samplingStats: () => [],
  watch: () => undefined,
  watchdogStats: () => NO_WATCHDOG_STATS,
};
