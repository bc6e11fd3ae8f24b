import { SPAN_FLAG } from '../wire/span-codes.js';
import type { AttributeMap } from '../telemetry.interface.js';
import { count, counts, numberOf, printable } from '../showing/text.js';
import { slowQueryText } from '../showing/query-text.js';
import { MARK } from '../analysis/span-reading.js';
import type { SpanTable } from '../analysis/span-table.js';
import { MAX_OF_A_KIND, timeText, type Look } from './problem-source.js';

/** Spans that end after what started them. */
export const lookForOutliving: Look = ({ table }) => {
  const { parent, end, spans } = table;
  const isMeant = (at: number) => spans[at]?.service === spans[parent[at]!]?.service;
  return flagged(table, SPAN_FLAG.outlives, isMeant).map((at) => ({
    kind: 'outlives',
    span: at,
    text:
      `${printable(spans[at]!.name, 100)} ends ${timeText(end[at]! - end[parent[at]!]!)} after ` +
      `${printable(spans[parent[at]!]!.name, 100)}, which did not wait for it`,
    evidence: [at, parent[at]!],
    cost: 0,
  }));
};

/** Parents that are named and never came. */
export const lookForMissing: Look = ({ table }) =>
  flagged(table, SPAN_FLAG.missing, () => true).map((at) => ({
    kind: 'missing parent',
    span: at,
    text: `The span ${table.ids[at]} never arrived: not sampled, lost, or its process has not sent it yet`,
    evidence: [at],
    cost: 0,
  }));

/** The first that have a flag: none costs more than another, and no more of them are shown. */
function flagged(
  { flags, length }: SpanTable,
  flag: number,
  isMeant: (at: number) => boolean,
): number[] {
  const found: number[] = [];
  for (let at = 0; at < length && found.length < MAX_OF_A_KIND; at++) {
    if ((flags[at]! & flag) !== 0 && isMeant(at)) found.push(at);
  }
  return found;
}

/** What was lost here or at the sender. */
export const lookForLost: Look = ({ table, dropped }) => {
  const problems: ReturnType<Look> = [];
  if (dropped.spans + dropped.logs > 0) {
    const what = counts([dropped.spans, 'span'], [dropped.logs, 'log line']);
    const text = `Dropped beyond what one trace may hold here: ${what}`;
    problems.push({ kind: 'lost', span: -1, text, evidence: [], cost: 0 });
  }
  for (let at = 0; at < table.length && problems.length < MAX_OF_A_KIND; at++) {
    if ((table.marks[at]! & MARK.lossy) === 0) continue;
    const span = table.spans[at]!;
    if (!span.lost) continue;
    const { attributes, events, links } = span.lost;
    const what = counts([attributes, 'attribute'], [events, 'event'], [links, 'link']);
    const text =
      `${printable(span.name, 100)} lost ${what}: dropped by its sender, ` +
      'or beyond what one span may have here';
    problems.push({ kind: 'lost', span: at, text, evidence: [at], cost: 0 });
  }
  return problems;
};

/** What a sender's budget had no room for, which it has counted. */
export const lookForLeftOut: Look = ({ table, facts }) => {
  const problems: ReturnType<Look> = [];
  if (facts.leftOut === 0) return problems;
  for (let at = 0; at < table.length && problems.length < MAX_OF_A_KIND; at++) {
    const span = table.spans[at];
    const spans = numberOf(span?.attributes['async.spans.dropped']);
    if (!span || spans <= 0) continue;
    const what = `${count(spans, 'span')} below ${printable(span.name, 100)}`;
    const text = `${what} left out by the span budget`;
    problems.push({ kind: 'left out', span: at, text, evidence: [at], cost: 0 });
  }
  return problems;
};

/** Clocks that cannot be right. */
export const lookForSkew: Look = ({ table: { spans, clock, offsets } }) =>
  [...offsets.entries()].flatMap(([number, offset]) => {
    if (offset === 0) return [];
    const at = clock.indexOf(number);
    const way = offset > 0 ? 'behind' : 'ahead';
    const text =
      `The clock of ${printable(spans[at]?.service ?? '', 100)} is ${timeText(Math.abs(offset))} ` +
      `${way} of its caller's: its spans are drawn where they can have been`;
    return { kind: 'skew', span: at, text, evidence: [at], cost: 0 };
  });

/** Statements that their sender calls slow. */
export const lookForSlow: Look = ({ table: { spans, marks, length } }) => {
  const slow: { readonly at: number; readonly attributes: AttributeMap }[] = [];
  for (let at = 0; at < length; at++) {
    if ((marks[at]! & MARK.tells) === 0) continue;
    for (const { name, attributes } of spans[at]!.events) {
      if (name === 'slow query') slow.push({ at, attributes });
    }
  }
  return slow.map(({ at, attributes }) => ({
    kind: 'slow',
    span: at,
    text: `${printable(spans[at]!.name, 160)}: ${slowQueryText(attributes).slice(2)}`,
    evidence: [at],
    cost: numberOf(attributes['typeorm.query.duration_ms']) * 1_000,
  }));
};
