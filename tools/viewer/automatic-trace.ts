import { DemoProcess } from '../../test/support/demo-process.js';
import { startPglite } from '../../test/support/pglite.js';

/** Lets the demo with `AUTO_TRACE=1` answer one lookup; its trace is at the viewer when this is done. */
export async function sendAutomaticTrace(grpcPort: number): Promise<void> {
  const postgres = await startPglite();
  const demo = DemoProcess.service('main.js', {
    AUTO_TRACE: '1',
    DATABASE_URL: postgres.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${grpcPort}`,
  });
  try {
    const response = await fetch(`${await demo.url()}/lookup/user:42`);
    if (!response.ok) throw new Error(`The lookup was answered with ${response.status}.`);
    await demo.end('SIGTERM');
  } finally {
    await postgres.stop();
  }
}
