import type { ExportSettings } from './export-settings.js';
import type { Around, Sender } from './sender.interface.js';

/** Loads the protocol that the settings name, and only that. */
export async function createSender(settings: ExportSettings, around?: Around): Promise<Sender> {
  if (settings.protocol === 'otlp-http') {
    const { HttpSender } = await import('./http-sender.js');
    return new HttpSender(settings, around);
  }
  const { GrpcSender } = await import('./grpc-sender.js');
  return new GrpcSender(settings);
}
