import { OpenTelemetryModule, Span } from 'nestjs-otel';
import { flushRegistered } from './flush-registered.js';
import { plain } from './parts.js';
import type { Parts, Setting } from './parts.js';

/** OpenTelemetry as its documentation has it; its SDK is in the preload. */
export function stock(setting: Setting): Parts {
  return {
    modules: [OpenTelemetryModule.forRoot(), ...plain(setting)],
    Wrapped: () => Span() as MethodDecorator,
    flush: flushRegistered,
  };
}
