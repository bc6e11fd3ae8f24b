import type {
  ApiFault,
  Imported,
  RouteGroups,
  SearchTerms,
  ServiceMap,
} from '../../../src/wire/overview.interface.js';
import type { SpanDetail } from '../../../src/wire/span-detail.interface.js';
import type { TraceDetail } from '../../../src/wire/trace-detail.interface.js';
import type { TraceList } from '../../../src/wire/trace-list.interface.js';

/** A refusal of the server, with the place that it names. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly at?: number,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** A trace and the tag of the state that it is in. */
export interface TaggedTrace {
  readonly detail: TraceDetail;
  readonly tag: string | undefined;
}

/** The calls of the server's API; each rejects with {@link Refused} or, if nobody answers, a TypeError. */
export const api = {
  traces: (query: string, signal?: AbortSignal) =>
    json<TraceList>(`/api/traces?${new URLSearchParams({ q: query, limit: '1000' })}`, signal),
  trace: (traceId: string, signal?: AbortSignal) =>
    json<TraceDetail>(`/api/traces/${traceId}`, signal),
  /** The trace with the tag of its state; nothing if it is still in the state that is known. */
  newerTrace: async (
    traceId: string,
    known: string | undefined,
    signal: AbortSignal,
  ): Promise<TaggedTrace | undefined> => {
    const headers: HeadersInit = known === undefined ? {} : { 'if-none-match': known };
    const answer = await call(`/api/traces/${traceId}`, { signal, headers });
    if (answer.status === 304) return undefined;
    const detail = (await answer.json()) as TraceDetail;
    return { detail, tag: answer.headers.get('etag') ?? undefined };
  },
  span: (traceId: string, spanId: string, signal?: AbortSignal) =>
    json<SpanDetail>(`/api/traces/${traceId}/spans/${spanId}`, signal),
  text: async (traceId: string) => (await call(`/api/traces/${traceId}.txt`)).text(),
  otlp: async (traceId: string) => (await call(`/api/traces/${traceId}.otlp.json`)).text(),
  groups: (query: string, signal?: AbortSignal) =>
    json<RouteGroups>(`/api/groups?${new URLSearchParams({ q: query })}`, signal),
  map: (query: string, signal?: AbortSignal) =>
    json<ServiceMap>(`/api/map?${new URLSearchParams({ q: query })}`, signal),
  terms: () => json<SearchTerms>('/api/terms'),
  pin: (traceId: string, isPinned: boolean) =>
    change(isPinned ? 'PUT' : 'DELETE', `/api/traces/${traceId}/pin`),
  remove: (traceId: string) => change('DELETE', `/api/traces/${traceId}`),
  clear: () => change('DELETE', '/api/traces'),
  import: async (file: Blob): Promise<Imported> => {
    const answer = await change('POST', '/api/import', file);
    return (await answer.json()) as Imported;
  },
};

/** Address of an export of a trace as a file. */
export function downloadOf(traceId: string, form: 'otlp.json' | 'chrome.json' | 'txt'): string {
  return `/api/traces/${traceId}.${form}?download`;
}

async function json<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await call(path, signal ? { signal } : {})).json()) as T;
}

/** A form of another site cannot send this content type. */
function change(method: string, path: string, body?: Blob): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return call(path, { method, headers, ...(body ? { body } : {}) });
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(path, init);
  if (answer.ok || answer.status === 304) return answer;
  const fault = (await answer.json().catch(() => ({}))) as Partial<ApiFault>;
  throw new Refused(answer.status, fault.message ?? `HTTP ${answer.status}`, fault.at);
}
