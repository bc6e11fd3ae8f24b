import type { ReceivedSpan } from '../telemetry.interface.js';
import type { Problem } from '../wire/problem.interface.js';
import { OUTCOMES, SPAN_FLAG } from '../wire/span-codes.js';
import { count, printable } from '../showing/text.js';
import { MAX_EVIDENCE, type Look } from './problem-source.js';

type Trouble = 'cancelled' | 'abandoned' | 'not started';

const CANCELLED = OUTCOMES.indexOf('cancelled');
/** Outcomes that are problems, by their number. */
const TROUBLES = new Map<number, Trouble>([
  [CANCELLED, 'cancelled'],
  [OUTCOMES.indexOf('abandoned'), 'abandoned'],
  [OUTCOMES.indexOf('not_started'), 'not started'],
]);

/** Errors where they began: a span that failed because a child did is evidence, not another problem. */
export const lookForErrors: Look = ({ table }) => {
  const chains = new Map<string, { text: string; readonly spans: number[] }>();
  for (let at = 0; at < table.length; at++) {
    const isError = (table.flags[at]! & SPAN_FLAG.error) !== 0;
    if (!isError || table.outcome[at] === CANCELLED) continue;
    const { message, text } = errorOf(table.spans[at]!);
    const known = chains.get(message);
    if (!known) chains.set(message, { text, spans: [at] });
    else {
      known.spans.push(at);
      // Those above may tell the message alone, without the type of what was thrown.
      if (text.length > known.text.length) known.text = text;
    }
  }
  return [...chains.values()].map(({ text, spans }) => ({
    kind: 'error',
    // Parents come first, so the last of those that tell the same is where it came from.
    span: spans.at(-1)!,
    text: spans.length > 1 ? `${text} (${spans.length} spans failed)` : text,
    evidence: spans.slice(-MAX_EVIDENCE),
    cost: 0,
  }));
};

/** Tasks that were called off, never began or were left alone, by the span above them. */
export const lookForOutcomes: Look = ({ table }) => {
  const groups = new Map<string, { kind: Trouble; spans: number[] }>();
  for (let at = 0; at < table.length; at++) {
    if (table.outcome[at] === 0) continue;
    const kind = TROUBLES.get(table.outcome[at]!);
    if (!kind) continue;
    const key = `${kind} ${table.parent[at]}`;
    const group = groups.get(key) ?? { kind, spans: [] };
    group.spans.push(at);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ kind, spans }) => outcomeProblem(kind, spans, table));
};

function outcomeProblem(
  kind: Trouble,
  spans: readonly number[],
  { spans: all, parent }: Parameters<Look>[0]['table'],
): Problem {
  const first = all[spans[0]!]!;
  const above = all[parent[spans[0]!]!];
  const reason = first.attributes['async.task.cancel.reason'];
  const because = typeof reason === 'string' ? `: ${printable(reason, 200)}` : '';
  const where = above ? ` in ${printable(above.name, 100)}` : '';
  const what = `${count(spans.length, 'task')} ${kind}`;
  return {
    kind,
    span: spans[0]!,
    text: `${what}${where}${because}`,
    evidence: spans.slice(0, MAX_EVIDENCE),
    cost: 0,
  };
}

/** What a span tells of its failure, and the message by which others tell the same. */
function errorOf({ events, statusMessage, name }: ReceivedSpan): { message: string; text: string } {
  const exception = events.findLast((event) => event.name === 'exception')?.attributes;
  if (!exception) {
    const text = printable(statusMessage || `${name} failed`, 300);
    return { message: text, text };
  }
  const { 'exception.type': type, 'exception.message': message } = exception;
  const parts = [type, message].flatMap((part) => (typeof part === 'string' && part ? [part] : []));
  const text = printable(parts.join(': ') || 'an exception', 300);
  const isTold = typeof message === 'string' && message !== '';
  return { message: isTold ? printable(message, 300) : text, text };
}
