/** The fields of a protobuf message that are messages themselves, by number. */
export interface WireLayout {
  [field: number]: WireLayout;
}

const VALUE: WireLayout = {};
const KEY_VALUE: WireLayout = { 2: VALUE };
// `AnyValue` holds lists (5) and maps (6) of itself.
Object.assign(VALUE, { 5: { 1: VALUE }, 6: { 1: KEY_VALUE } });

const RESOURCE: WireLayout = { 1: KEY_VALUE, 3: {} };
const SCOPE: WireLayout = { 3: KEY_VALUE };
const SPAN: WireLayout = { 9: KEY_VALUE, 11: { 3: KEY_VALUE }, 13: { 4: KEY_VALUE }, 15: {} };
const LOG_RECORD: WireLayout = { 5: VALUE, 6: KEY_VALUE };

/** `ExportTraceServiceRequest`. */
export const TRACE_REQUEST: WireLayout = { 1: { 1: RESOURCE, 2: { 1: SCOPE, 2: SPAN } } };

/** `ExportLogsServiceRequest`. */
export const LOGS_REQUEST: WireLayout = { 1: { 1: RESOURCE, 2: { 1: SCOPE, 2: LOG_RECORD } } };

/** `ExportMetricsServiceRequest`, as far as it is read: it is accepted and not shown. */
export const METRICS_REQUEST: WireLayout = { 1: { 1: RESOURCE } };
