import type { SpanLimits } from '@opentelemetry/sdk-trace';
import type { OffloadBackend } from './backend.interface.js';
import { InlineBackend } from './inline-backend.js';
import type { OffloadSettings } from './offload-settings.js';
import { Offloader } from './offloader.js';
import { PiscinaBackend } from './piscina/piscina-backend.js';

/** The offloader that the module's options describe. Nothing starts before the first task. */
export function createOffloader(settings: OffloadSettings, spanLimits: SpanLimits): Offloader {
  return new Offloader(settings, backendOf(settings, spanLimits));
}

function backendOf(settings: OffloadSettings, spanLimits: SpanLimits): OffloadBackend {
  const { backend } = settings;
  if (typeof backend !== 'string') return backend;
  return backend === 'inline'
    ? new InlineBackend(settings.maxThreads)
    : new PiscinaBackend(settings, spanLimits);
}
