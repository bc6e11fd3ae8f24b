import { textOf, type TraceModel } from './trace-model.js';

/**
 * Spans whose name, service, statement, events or log lines contain the words, in order. The texts of
 * the table are looked at once each, so a search costs what the table is long.
 */
export function findSpans(model: TraceModel, words: string): number[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return [];
  const { detail } = model;
  const holds = Uint8Array.from(detail.strings, (text) => contains(text, wanted));
  const services = detail.services.map(({ name }) => contains(name, wanted) === 1);
  const found = new Uint8Array(model.count);
  const mark = (spans: readonly number[], text: readonly number[]) => {
    for (let index = 0; index < spans.length; index++) {
      if (holds[text[index]!] && spans[index]! >= 0) found[spans[index]!] = 1;
    }
  };
  mark(detail.events.span, detail.events.name);
  mark(detail.events.span, detail.events.text);
  mark(detail.logs.span, detail.logs.message);
  for (let span = 0; span < model.count; span++) {
    if (holds[model.name[span]!] || holds[model.statement[span]!]) found[span] = 1;
    else if (services[model.service[span]!]) found[span] = 1;
    else if (detail.spans.ids.startsWith(wanted, span * 16) && wanted.length >= 4) found[span] = 1;
  }
  return indexesOf(found);
}

/** The next of some spans after one, or the one before it; around the end. -1 if there is none. */
export function nextOf(spans: readonly number[], current: number, step: 1 | -1): number {
  if (spans.length === 0) return -1;
  if (step === 1) return spans.find((span) => span > current) ?? spans[0]!;
  return spans.findLast((span) => span < current) ?? spans.at(-1)!;
}

/** Name and statement of a span in one line. */
export function titleOf(model: TraceModel, span: number): string {
  return textOf(model, model.name[span]!) || '(no name)';
}

function contains(text: string, wanted: string): 0 | 1 {
  return text.toLowerCase().includes(wanted) ? 1 : 0;
}

function indexesOf(marks: Uint8Array): number[] {
  const indexes = [];
  for (let index = 0; index < marks.length; index++) if (marks[index]) indexes.push(index);
  return indexes;
}
