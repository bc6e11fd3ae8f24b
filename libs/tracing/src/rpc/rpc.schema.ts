import * as z from 'zod';
import { callback, flag, millis, oneOf, patterns, valueOf } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type {
  IncomingRpcOptions,
  OutgoingRpcOptions,
  RpcOptions,
  RpcTrust,
} from './rpc-options.interface.js';

const trust = valueOf<RpcTrust>(
  (value) => value === 'all' || value === 'none' || typeof value === 'function',
  'write "all", "none", or a function of the context of the message',
);

const propagate = z.union(
  [flag, callback<(pattern: string) => boolean>()],
  'write true, false, or a function of the pattern',
);

const incoming = optionSchema<IncomingRpcOptions>()({
  trust: trust.default('all'),
  events: oneOf('link', 'child').default('link'),
  ignore: patterns.default([]),
  maxDurationMillis: millis.default(600_000),
});

const outgoing = optionSchema<OutgoingRpcOptions>()({
  propagate: propagate.default(true),
});

/** No message is traced. */
const NO_RPC = { incoming: undefined, outgoing: undefined };

export const rpcSchema = switchable(
  optionSchema<RpcOptions>()({
    incoming: switchable(incoming).prefault(true),
    outgoing: switchable(outgoing).prefault(true),
  }),
  NO_RPC,
);

/** The options of microservices with every default filled in; undefined is what is off. */
export type ResolvedRpcOptions = z.output<typeof rpcSchema>;
