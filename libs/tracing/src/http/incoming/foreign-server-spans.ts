import { EventEmitter } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { SpanKind, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/** Where somebody is told once. */
type Say = (message: string) => void;

/**
 * Looks for another instrumentation of incoming HTTP: OpenTelemetry's and every agent's replace
 * `emit` on the prototype of Node's server, or leave a SERVER span active.
 */
export class ForeignServerSpans {
  readonly #say: Say;
  #said = false;

  constructor(say: Say) {
    this.#say = say;
  }

  /** Whether a request that comes in a context has its SERVER span from somebody else; says so once. */
  handle(ctx: Context): boolean {
    if (!isServerPatched() && !hasServerSpan(ctx)) return false;
    if (!this.#said) this.#say(FOUND);
    this.#said = true;
    return true;
  }
}

const FOUND =
  'Another instrumentation traces incoming HTTP requests, so this package opens no SERVER spans. ' +
  'Remove it (sdk.instrumentations, or the preload that brings it) to have ours, or set ' +
  'http.incoming to false to leave it so without this message.';

function isServerPatched(): boolean {
  const { emit } = EventEmitter.prototype;
  return http.Server.prototype.emit !== emit || https.Server.prototype.emit !== emit;
}

function hasServerSpan(ctx: Context): boolean {
  const span = trace.getSpan(ctx) as { kind?: SpanKind } | undefined;
  return span !== undefined && span.kind === SpanKind.SERVER;
}
