import { KINDS, OUTCOMES, SPAN_FLAG } from '../../../src/wire/span-codes.js';
import { oneLine } from '../format/plain-text.js';
import { duration, plural } from '../format/quantities.js';
import { ROW, type DisplayTree } from './display-tree.js';
import { itemsOf } from './groups.js';
import { isFailed, textOf, type TraceModel } from './trace-model.js';

export type Tone = 'plain' | 'bad' | 'warn' | 'dim' | 'link';

/** What a row of the waterfall says. */
export interface RowText {
  readonly text: string;
  readonly tone: Tone;
  /** Index of the service, -1 for none. */
  readonly service: number;
  readonly chips: readonly { readonly text: string; readonly tone: Tone }[];
  /** What stands beside the bar. */
  readonly label: string;
}

/** Says what the row at a position shows. */
export function rowText(tree: DisplayTree, position: number): RowText {
  const ref = tree.ref[position]!;
  const { model } = tree;
  if (tree.kind[position] === ROW.fold) return foldText(tree, ref);
  if (tree.kind[position] === ROW.log) return logText(model, ref);
  if (tree.kind[position] === ROW.link) return linkText(model, ref);
  return spanText(model, ref);
}

/** Title of a span: its name, and what it asked for where the name does not say. */
export function spanTitle(model: TraceModel, span: number): string {
  if (model.flags[span]! & SPAN_FLAG.missing) return 'a span that never arrived';
  return oneLine(textOf(model, model.name[span]!)) || '(no name)';
}

function spanText(model: TraceModel, span: number): RowText {
  const flags = model.flags[span]!;
  const isCalledOff = model.outcome[span]! >= 3;
  return {
    text: spanTitle(model, span),
    tone: isFailed(model, span)
      ? 'bad'
      : flags & SPAN_FLAG.missing || isCalledOff
        ? 'dim'
        : 'plain',
    service: flags & SPAN_FLAG.missing ? -1 : model.service[span]!,
    chips: [
      ...(model.calls[span]! > 1 ? [timesChip(model, span, model.calls[span]!)] : []),
      ...outcomeChips(model, span),
      ...flagChips(flags),
      ...eventChips(model, span),
    ],
    label: labelOf(model, span),
  };
}

/** A statement that repeats is a fault that has a cure; a call in memory is none. */
function timesChip(model: TraceModel, span: number, calls: number): RowText['chips'][number] {
  return { text: `×${calls}`, tone: model.statement[span]! < 0 ? 'plain' : 'warn' };
}

function callsLabel(calls: number, total: number): string {
  return `${plural(calls, 'call')}, ${duration(total)}`;
}

function labelOf(model: TraceModel, span: number): string {
  if (model.calls[span]! > 1) return callsLabel(model.calls[span]!, model.took[span]!);
  const flags = model.flags[span]!;
  if (flags & SPAN_FLAG.missing) return '';
  if (OUTCOMES[model.outcome[span]!] === 'not_started') return 'never started';
  const time = duration(model.duration[span]!);
  return flags & SPAN_FLAG.pending ? `${time} so far` : time;
}

function outcomeChips(model: TraceModel, span: number): RowText['chips'] {
  const outcome = OUTCOMES[model.outcome[span]!];
  if (outcome === 'error') return [{ text: '✗ failed', tone: 'bad' }];
  if (outcome === 'cancelled') return [{ text: '⊘ cancelled', tone: 'warn' }];
  if (outcome === 'not_started') return [{ text: '◇ not started', tone: 'dim' }];
  return outcome === 'abandoned' ? [{ text: '… abandoned', tone: 'bad' }] : [];
}

const FLAG_CHIPS: readonly (readonly [number, string, Tone])[] = [
  [SPAN_FLAG.pending, 'running', 'link'],
  [SPAN_FLAG.missing, 'missing', 'warn'],
  [SPAN_FLAG.negative, 'ends before it starts', 'warn'],
  [SPAN_FLAG.moved, 'clock moved', 'warn'],
  [SPAN_FLAG.outlives, 'outlives its parent', 'warn'],
  [SPAN_FLAG.cut, 'circle of parents', 'warn'],
  [SPAN_FLAG.detached, '↪ detached', 'link'],
];

function flagChips(flags: number): RowText['chips'] {
  return FLAG_CHIPS.filter(([flag]) => flags & flag).map(([, text, tone]) => ({ text, tone }));
}

/** Exceptions, repeats, slow statements and a blocked loop stand in the row; other events are ticks. */
function eventChips(model: TraceModel, span: number): RowText['chips'] {
  const { events } = model.detail;
  const chips = [];
  for (const event of itemsOf(model.eventsOf, span)) {
    const kind = events.kind[event]!;
    if (kind === 'event' || kind === 'detached' || chips.length >= 3) continue;
    const text = oneLine(
      textOf(model, events.text[event]!) || textOf(model, events.name[event]!),
      120,
    );
    chips.push({
      text,
      tone: kind === 'exception' || kind === 'blocked' ? 'bad' : 'warn',
    } as const);
  }
  return chips;
}

function foldText(tree: DisplayTree, ref: number): RowText {
  const { members, calls, total, isAnyFailed } = tree.folds[ref]!;
  const { model } = tree;
  const first = spanText(model, members[0]!);
  const chips = first.chips.filter(({ text }) => /^[✗⊘◇…]/u.test(text));
  const failed: RowText['chips'] =
    isAnyFailed && !isFailed(model, members[0]!) ? [{ text: '✗ failed', tone: 'bad' }] : [];
  return {
    ...first,
    chips: [timesChip(model, members[0]!, calls), ...failed, ...chips],
    label: callsLabel(calls, total),
  };
}

function logText({ detail }: TraceModel, ref: number): RowText {
  const { logs, strings } = detail;
  const severity = (strings[logs.severity[ref]!] ?? '').toUpperCase();
  const message = oneLine(strings[logs.message[ref]!] ?? '');
  const isStray = logs.span[ref]! < 0;
  return {
    text: `${severity} ${message}`.trim(),
    tone: /^(ERROR|FATAL)/.test(severity) ? 'bad' : severity.startsWith('WARN') ? 'warn' : 'dim',
    service: -1,
    chips: isStray ? [{ text: 'of an unknown span', tone: 'dim' }] : [],
    label: '',
  };
}

const LINK_WORDS = {
  link: '↪ linked to',
  backlink: '↩ linked from',
  started: '↪ started',
  origin: '↩ started by',
} as const;

function linkText({ detail }: TraceModel, ref: number): RowText {
  const { links, strings } = detail;
  const name =
    oneLine(strings[links.name[ref]!] ?? '') || `trace ${links.traceId[ref]!.slice(0, 8)}`;
  const took = links.duration[ref];
  return {
    text: `${LINK_WORDS[links.kind[ref]!]} ${name}`,
    tone: 'link',
    service: -1,
    chips: links.isKnown[ref] ? [] : [{ text: 'not in the store', tone: 'dim' }],
    label: typeof took === 'number' ? duration(took) : '',
  };
}

/** Kind of a span as people say it. */
export function kindOf({ detail }: TraceModel, span: number): string {
  return (KINDS[detail.spans.kind[span]!] ?? KINDS[0]).toLowerCase();
}
