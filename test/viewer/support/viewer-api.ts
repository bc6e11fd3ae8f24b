import type { Imported } from '../../../apps/viewer/src/wire/overview.interface.js';
import type { SpanDetail } from '../../../apps/viewer/src/wire/span-detail.interface.js';
import type { TraceDetail } from '../../../apps/viewer/src/wire/trace-detail.interface.js';
import type { ViewerProcess } from './viewer-process.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** The API of a viewer, as its page uses it. */
export class ViewerApi {
  constructor(private readonly viewer: ViewerProcess) {}

  async get<T>(path: string): Promise<T> {
    return JSON.parse(await this.text(path)) as T;
  }

  async text(path: string): Promise<string> {
    const { status, body } = await this.viewer.send({ path: encodeURI(path) });
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return body;
  }

  trace(traceId: string): Promise<TraceDetail> {
    return this.get(`/api/traces/${traceId}`);
  }

  span(traceId: string, spanId: string): Promise<SpanDetail> {
    return this.get(`/api/traces/${traceId}/spans/${spanId}`);
  }

  /** Opens a file of traces. */
  async take(file: string): Promise<Imported> {
    const { status, body } = await this.change('POST', '/api/import', file);
    if (status !== 200) throw new Error(`The file was refused: ${status} ${body}`);
    return JSON.parse(body) as Imported;
  }

  async change(method: string, path: string, body = ''): Promise<{ status: number; body: string }> {
    return await this.viewer.send({ method, path, headers: JSON_TYPE }, body);
  }
}

/** The names of some spans of a trace. */
export function namesOf({ spans, strings }: TraceDetail, indexes: readonly number[]): string[] {
  return indexes.map((index) => strings[spans.name[index]!]!);
}
