import type { ReceivedLog } from '../telemetry.interface.js';
import type { OtlpLogRecord, OtlpLogsRequest } from './otlp-message.interface.js';
import { readAttributes, readId, readNanos, readValue } from './otlp-value.js';

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** The log records of an export request, flat. */
export function decodeLogs(request: OtlpLogsRequest): ReceivedLog[] {
  return (request.resourceLogs ?? [])
    .flatMap(({ scopeLogs }) => scopeLogs ?? [])
    .flatMap(({ logRecords }) => logRecords ?? [])
    .map(decodeLog);
}

function decodeLog(record: OtlpLogRecord): ReceivedLog {
  const body = readValue(record.body);
  return {
    ...readTraceContext(record.traceId, record.spanId),
    timeNanos: readNanos(record.timeUnixNano) || readNanos(record.observedTimeUnixNano),
    severity: record.severityText || severity(record.severityNumber ?? 0),
    message: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: readAttributes(record.attributes),
  };
}

/** The ids a log line carries, both or none: zeros and halves join nothing. */
export function readTraceContext(
  trace: OtlpLogRecord['traceId'],
  span: OtlpLogRecord['spanId'],
): Pick<ReceivedLog, 'traceId' | 'spanId'> {
  const traceId = readId(trace);
  const spanId = readId(span);
  return traceId && spanId ? { traceId, spanId } : {};
}

/** OTLP gives every severity four numbers: 1 to 4 is TRACE, 21 to 24 is FATAL. */
function severity(number: number): string {
  return SEVERITIES[Math.ceil(number / 4) - 1] ?? 'INFO';
}
