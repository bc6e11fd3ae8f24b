import type { Outcome } from '../accounts/shared-ledger.js';
import type { CollectorStatusListener } from './faults/collector-status.js';

/** Spans that are lost. */
export interface Loss {
  readonly count: number;
  readonly outcome: Outcome;
  /** The reason, for people. */
  readonly reason: string;
}

/** Is told of what the sending side finds out. */
export interface CoreListener {
  readonly onLoss: (loss: Loss) => void;
  readonly onStatus: CollectorStatusListener;
}
