import type { ExportSettings } from './export-settings.js';
import type { Around, Transport } from './transport.interface.js';

/** Loads the protocol that the settings name, and only that. */
export async function createTransport(
  settings: ExportSettings,
  around?: Around,
): Promise<Transport> {
  if (settings.protocol === 'otlp-http') {
    const { HttpTransport } = await import('./http/http-transport.js');
    return new HttpTransport(settings, around);
  }
  const { GrpcTransport } = await import('./grpc/grpc-transport.js');
  return new GrpcTransport(settings, around);
}
