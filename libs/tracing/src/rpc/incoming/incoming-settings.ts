import type { OpenEntries } from '../../entry/open-entries.js';
import type { IncomingRpcOptions } from '../rpc-options.interface.js';
import type { Acknowledgements } from './acknowledgements.js';
import type { ForeignConsumers } from './foreign-consumers.js';
import type { IgnorePattern } from './registered-handler.js';
import type { UnhandledMessages } from './unhandled-messages.js';

/** What the servers of one application share. */
export interface IncomingSettings {
  readonly options: Required<IncomingRpcOptions>;
  readonly ignores: IgnorePattern;
  readonly open: OpenEntries;
  readonly acknowledgements: Acknowledgements;
  readonly unhandled: UnhandledMessages;
  readonly foreign: ForeignConsumers;
}
