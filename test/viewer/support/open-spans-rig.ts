import { SPAN_FLAG } from '../../../apps/viewer/src/wire/span-codes.js';
import type { TraceDetail } from '../../../apps/viewer/src/wire/trace-detail.interface.js';
import type { TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import type { TracingApp } from '../../support/tracing-app.js';
import { namesOf, ViewerApi } from './viewer-api.js';
import { ViewerProcess } from './viewer-process.js';

/** For what comes once a second from a loaded machine. */
export const PATIENT = { timeout: 20_000, interval: 50 };

/** A viewer that is told of open spans, and what it shows of them. */
export class OpenSpansRig {
  readonly api: ViewerApi;

  private constructor(readonly viewer: ViewerProcess) {
    this.api = new ViewerApi(viewer);
  }

  static async start(...args: string[]): Promise<OpenSpansRig> {
    return new OpenSpansRig(await ViewerProcess.start('--no-terminal', ...args));
  }

  /** The address of its page, and of OTLP over HTTP. */
  get http(): string {
    return `http://127.0.0.1:${this.viewer.http}`;
  }

  /** The spans of a trace by name; none while it has not come. */
  async stateOf(traceId: string): Promise<Record<string, 'open' | 'ended'>> {
    const { status, body } = await this.viewer.send({ path: `/api/traces/${traceId}` });
    if (status === 404) return {};
    const detail = JSON.parse(body) as TraceDetail;
    const names = namesOf(detail, [...detail.spans.name.keys()]);
    return Object.fromEntries(
      names.map((name, at) => [
        name,
        detail.spans.flags[at]! & SPAN_FLAG.pending ? 'open' : 'ended',
      ]),
    );
  }

  /** What the list shows of a trace. */
  async rowOf(traceId: string) {
    const list = await this.api.get<TraceList>('/api/traces');
    const at = list.id.indexOf(traceId);
    return { flags: list.flags[at]!, spans: list.spans[at]!, duration: list.duration[at]! };
  }

  stop(): Promise<void> {
    return this.viewer.stop();
  }
}

/** Two spans that are open until `end` is called, and one that has ended. */
export function openWork({ tracing }: TracingApp) {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  let traceId = '';
  const done = tracing.span('GET /report', async (root) => {
    ({ traceId } = root.spanContext());
    tracing.span('read carts', () => undefined);
    await tracing.span('write report', async (child) => {
      child.setAttribute('report.id', 42);
      await promise;
    });
  });
  return {
    traceId,
    end: async () => {
      end();
      await done;
      await tracing.flush();
    },
  };
}
