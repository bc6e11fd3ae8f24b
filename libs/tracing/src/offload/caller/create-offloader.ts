import type { SpanLimits } from '@opentelemetry/sdk-trace';
import type { OffloadBackend } from '../backend.interface.js';
import { InlineBackend } from '../inline/inline-backend.js';
import type { OffloadSettings } from './offload-settings.js';
import { Offloader } from './offloader.js';
import { PiscinaBackend } from '../piscina/piscina-backend.js';
import { SpanIntake } from '../returning-spans/span-intake.js';

/**
 * Makes the offloader that the module's options describe. Nothing starts before the first task.
 *
 * @param warn is told what the application's log must say
 */
export function createOffloader(
  settings: OffloadSettings,
  spanLimits: SpanLimits,
  warn: (message: string) => void,
): Offloader {
  return new Offloader(settings, backendOf(settings, spanLimits), new SpanIntake(warn));
}

function backendOf(settings: OffloadSettings, spanLimits: SpanLimits): OffloadBackend {
  const { backend } = settings;
  if (typeof backend !== 'string') return backend;
  return backend === 'inline'
    ? new InlineBackend(settings.maxThreads)
    : new PiscinaBackend(settings, spanLimits);
}
