import { noExport } from '../export/export-state.js';
import { SpanAccounts } from '../export/span-accounts.js';
import type { RunningSdk } from './running-sdk.js';

/** Stands in where no SDK runs: it is disabled, or could not start. */
export const NO_SDK: RunningSdk = {
  origin: 'none',
  followsLocalParent: false,
  flush: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  stats: () => new SpanAccounts().snapshot(),
  exportStats: () => noExport('none'),
};
