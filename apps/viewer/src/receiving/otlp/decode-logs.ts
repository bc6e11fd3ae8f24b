import type { Origin, ReceivedLog } from '../../telemetry.interface.js';
import { asFields, boundedText, listOf, memberOf, nanosOf, textOf, type Fields } from './fields.js';
import { originOf, resourceOf } from './origin.js';
import { attributesOf, idOf, readValue } from './otlp-value.js';
import { Room } from './room.js';

const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
const NUMBERED_SEVERITIES = [
  'UNSPECIFIED',
  ...SEVERITIES.flatMap((name) => [name, `${name}2`, `${name}3`, `${name}4`]),
];

/**
 * The log records of an `ExportLogsServiceRequest`, flat.
 *
 * @throws Refusal at the first field that is not what OTLP has there.
 */
export function decodeLogs(request: unknown): ReceivedLog[] {
  return listOf(asFields(request, 'request'), 'resourceLogs').flatMap((resourceLogs) => {
    const resource = resourceOf(resourceLogs);
    return listOf(resourceLogs, 'scopeLogs')
      .map((scope) => ({ scope, origin: originOf(resource, scope) }))
      .flatMap(({ scope, origin }) =>
        listOf(scope, 'logRecords').map((log) => decode(log, origin)),
      );
  });
}

function decode(record: Fields, origin: Origin): ReceivedLog {
  const room = new Room();
  const body = readValue(record['body'], room);
  return {
    ...readTraceContext(record, 'traceId', 'spanId'),
    timeNanos: nanosOf(record, 'timeUnixNano') || nanosOf(record, 'observedTimeUnixNano'),
    severity: textOf(record, 'severityText') || severity(severityNumberOf(record)),
    message: typeof body === 'string' ? body : boundedText(JSON.stringify(body)),
    attributes: attributesOf(record, room),
    origin,
  };
}

/** The ids a log line carries, both or none: zeros and halves join nothing. */
export function readTraceContext(
  source: Fields,
  traceField: string,
  spanField: string,
): Pick<ReceivedLog, 'traceId' | 'spanId'> {
  const traceId = idOf(source, traceField, 16);
  const spanId = idOf(source, spanField, 8);
  return traceId && spanId ? { traceId, spanId } : {};
}

function severityNumberOf(record: Fields): number {
  return memberOf(record, 'severityNumber', 'SEVERITY_NUMBER_', NUMBERED_SEVERITIES);
}

/** OTLP gives every severity four numbers: 1 to 4 is TRACE, 21 to 24 is FATAL. */
function severity(number: number): string {
  return SEVERITIES[Math.ceil(number / 4) - 1] ?? 'INFO';
}

/** The number that OTLP gives a severity, 0 for one that it does not know. */
export function numberOfSeverity(text: string): number {
  return Math.max(0, NUMBERED_SEVERITIES.indexOf(text.toUpperCase()));
}
