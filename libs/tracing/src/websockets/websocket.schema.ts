import type * as z from 'zod';
import { flag, patterns } from '../validation/checks.js';
import { optionSchema, switchable } from '../validation/option-schema.js';
import type { WebSocketOptions } from './websocket-options.interface.js';

export const webSocketSchema = switchable(
  optionSchema<WebSocketOptions>()({
    ignore: patterns.default([]),
    lifecycle: flag.default(true),
    broadcasts: flag.default(false),
  }),
);

/** The options of gateways with every default filled in; undefined is off. */
export type ResolvedWebSocketOptions = z.output<typeof webSocketSchema>;
