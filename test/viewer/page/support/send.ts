import type { ViewerProcess } from '../../support/viewer-process.js';
import type { OtlpTrace } from './otlp-sketch.js';

/** Sends traces as a service would, and their log lines. */
export async function send(viewer: ViewerProcess, ...traces: OtlpTrace[]): Promise<void> {
  for (const trace of traces) {
    await posted(viewer, '/v1/traces', trace.traces);
    if (trace.logs !== undefined) await posted(viewer, '/v1/logs', trace.logs);
  }
}

async function posted(viewer: ViewerProcess, path: string, body: string): Promise<void> {
  const { status, body: answer } = await viewer.post(path, body);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${answer}`);
}
