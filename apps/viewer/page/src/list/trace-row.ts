import { count } from '../format/quantities.js';
import { TRACE_FLAG, type TraceRows } from '../../../src/wire/trace-list.interface.js';

/** One trace as the list shows it. */
export interface TraceRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Microseconds. */
  readonly duration: number;
  readonly name: string;
  readonly route: string;
  /** What tells it from others of its route; may be empty. */
  readonly hint: string;
  readonly service: string;
  readonly kind: string;
  readonly spans: number;
  readonly errors: number;
  readonly logs: number;
  readonly services: number;
  readonly flags: number;
  readonly repeated: number;
  readonly repeatedCalls: number;
  readonly blocked: number;
  readonly cancelled: number;
  readonly detached: number;
  readonly lost: number;
  readonly leftOut: number;
  readonly missing: number;
}

/** A mark on a row: what it says and how bad it is. */
export interface Chip {
  readonly text: string;
  readonly tone: 'bad' | 'warn' | 'plain';
  readonly title: string;
  /** The search that finds others with it. */
  readonly search: string;
  /** What it stands for, for who hears it, where its text does not tell. */
  readonly spoken?: string;
}

/** Turns columns into rows. */
export function rowsOf(columns: TraceRows): TraceRow[] {
  const text = (index: number | undefined) => columns.strings[index ?? -1] ?? '';
  return columns.id.map((id, index) => ({
    id,
    start: columns.start[index]!,
    duration: columns.duration[index]!,
    name: text(columns.name[index]),
    route: text(columns.route[index]),
    hint: text(columns.hint[index]),
    service: text(columns.service[index]),
    kind: text(columns.kind[index]),
    spans: columns.spans[index]!,
    errors: columns.errors[index]!,
    logs: columns.logs[index]!,
    services: columns.services[index]!,
    flags: columns.flags[index]!,
    repeated: columns.repeated[index]!,
    repeatedCalls: columns.repeatedCalls[index]!,
    blocked: columns.blocked[index]!,
    cancelled: columns.cancelled[index]!,
    detached: columns.detached[index]!,
    lost: columns.lost[index]!,
    leftOut: columns.leftOut[index]!,
    missing: columns.missing[index]!,
  }));
}

/** What is worth a look in a trace. */
export function chipsOf(row: TraceRow): Chip[] {
  const { repeated, repeatedCalls, blocked, cancelled, detached, lost, leftOut, missing, flags } =
    row;
  const chips: (Chip | false)[] = [
    repeated > 0 &&
      chip(`N+1 ×${repeated}`, 'warn', 'The same statement again and again', 'has:n+1'),
    repeatedCalls > repeated &&
      chip(`repeated ×${repeatedCalls}`, 'plain', 'The same call again and again', 'has:repeated'),
    blocked > 0 &&
      chip(`blocked ${round(blocked)} ms`, 'bad', 'The event loop stood still', 'has:blocked'),
    cancelled > 0 &&
      chip(`${cancelled} cancelled`, 'warn', 'Tasks that were called off', 'has:cancelled'),
    detached > 0 &&
      chip(`${detached} detached`, 'plain', 'Started work that outlives it', 'has:detached'),
    lost > 0 && chip(`${count(lost)} lost`, 'bad', 'Spans or log lines beyond a limit', 'has:lost'),
    leftOut > 0 &&
      chip(`${count(leftOut)} left out`, 'plain', 'Spans beyond the span budget', 'has:budget'),
    missing > 0 &&
      chip(`${missing} missing`, 'warn', 'Spans that others name never arrived', 'has:missing'),
    (flags & TRACE_FLAG.skewed) > 0 &&
      chip('clock skew', 'warn', 'Two services tell times that cannot both be right', 'has:skew'),
  ];
  return chips.filter((each) => each !== false);
}

/** How a trace went, in a word. */
export function stateOf({ flags }: TraceRow): 'running' | 'error' | 'ok' {
  if (flags & TRACE_FLAG.running) return 'running';
  return flags & TRACE_FLAG.error ? 'error' : 'ok';
}

function chip(text: string, tone: Chip['tone'], title: string, search: string): Chip {
  return { text, tone, title, search };
}

function round(millis: number): number {
  return millis >= 10 ? Math.round(millis) : Math.round(millis * 10) / 10;
}
