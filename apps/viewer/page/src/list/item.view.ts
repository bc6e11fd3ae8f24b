import { TRACE_FLAG } from '../../../src/wire/trace-list.interface.js';
import { element, picture, setText } from '../app/dom.js';
import { oneLine } from '../format/plain-text.js';
import { clock, duration, moment, plural } from '../format/quantities.js';
import { fittingChips } from './fitting-chips.js';
import { chipsOf, stateOf, type Chip, type TraceRow } from './trace-row.js';

const STATES = { running: 'running', error: 'failed', ok: 'finished' } as const;
const PINNED = 'Pinned: it stays when the store is full';
const TO_COMPARE: Chip = { text: 'to compare', tone: 'plain', title: '', search: '' };

/** What an item is beside its trace. */
export interface ItemPlace {
  /** Pixels from the top of the list. */
  readonly top: number;
  readonly href: string;
  readonly isOpen: boolean;
  readonly isMarked: boolean;
  /** Pixels that its chips may take. */
  readonly chipRoom: number;
}

/** A fact of an item: its text, its class, and what it says under the pointer. */
type Fact = readonly [text: string, className?: string, title?: string];

/** One trace of the list: a link, so that it opens in another tab as well. */
export class ItemView {
  readonly element: HTMLLIElement;
  /** Id of the trace that it shows. */
  id = '';
  readonly #link = element('a', '');
  readonly #state = element('i', 'state');
  readonly #stateText = document.createTextNode('');
  readonly #name = document.createTextNode('');
  readonly #nameCell = element(
    'span',
    'item-name',
    element('span', 'sr', this.#stateText),
    this.#name,
  );
  readonly #bar = element('i', 'item-bar');
  readonly #duration = document.createTextNode('');
  readonly #facts = element('span', 'item-facts');
  readonly #chips = element('span', 'item-chips');
  readonly #clock = document.createTextNode('');
  readonly #millis = document.createTextNode('');
  readonly #time = element('time', '', this.#clock, element('span', 'millis', this.#millis));
  #row: TraceRow | undefined;
  #pin: HTMLElement | undefined;
  #factsKey = '';
  #chipsKey = '';

  constructor() {
    const took = element('b', '', this.#duration);
    const time = element('span', 'item-time', this.#bar, took);
    this.#link.append(this.#state, this.#nameCell, time, this.#facts, this.#chips, this.#time);
    this.element = element('li', 'item', this.#link);
  }

  /** Shows a trace at a place; what is as it was is not touched. */
  show(row: TraceRow, place: ItemPlace): void {
    this.id = row.id;
    if (row !== this.#row) this.#showRow(row);
    this.#row = row;
    this.element.style.transform = `translateY(${place.top}px)`;
    if (this.#link.getAttribute('href') !== place.href) this.#link.href = place.href;
    this.element.dataset['open'] = String(place.isOpen);
    if (place.isOpen) this.#link.setAttribute('aria-current', 'true');
    else this.#link.removeAttribute('aria-current');
    this.#showChips(row, place);
  }

  /** How long the trace took beside the longest that is seen, in powers: one that hangs hides no other. */
  showShare(longest: number): void {
    const share =
      Math.log1p((this.#row?.duration ?? 0) / 1e3) / Math.log1p(Math.max(1, longest) / 1e3);
    this.#bar.style.width = `${Math.max(2, share * 100).toFixed(1)}%`;
  }

  #showRow(row: TraceRow): void {
    const state = stateOf(row);
    const isLogsOnly = (row.flags & TRACE_FLAG.logsOnly) > 0;
    const name =
      oneLine(row.route || row.name, 160) || (isLogsOnly ? 'log lines alone' : '(no name yet)');
    this.element.dataset['state'] = state;
    this.#state.dataset['state'] = state;
    this.#state.title = STATES[state];
    setText(this.#stateText, `${STATES[state]}: `);
    setText(this.#name, name);
    this.#nameCell.title = name;
    this.#showPin((row.flags & TRACE_FLAG.pinned) > 0);
    setText(this.#duration, duration(row.duration));
    const [seconds = '', millis] = clock(row.start).split('.');
    setText(this.#clock, seconds);
    setText(this.#millis, millis === undefined ? '' : `.${millis}`);
    this.#time.title = moment(row.start);
    this.#showFacts(row);
  }

  #showPin(isPinned: boolean): void {
    if (isPinned === (this.#pin !== undefined)) return;
    this.#pin?.remove();
    this.#pin = isPinned ? picture('pin', 'pinned', PINNED) : undefined;
    if (this.#pin) this.#nameCell.prepend(this.#pin);
  }

  #showFacts(row: TraceRow): void {
    const spans = plural(row.spans, 'span');
    const service = oneLine(row.service, 60);
    const facts: Fact[] = [[service, 'item-service', service]];
    if (row.errors > 0) facts.push([`${row.errors} failed`, 'bad', 'Spans that failed']);
    const others = row.services - 1;
    if (others > 0) facts.push([`+${others}`, '', plural(others, 'other service')]);
    if (row.hint !== '') facts.push([oneLine(row.hint, 60), 'item-hint', oneLine(row.hint, 300)]);
    facts.push([spans, '', spans]);
    if (row.logs > 0) facts.push([plural(row.logs, 'log'), 'item-logs']);
    const key = facts.join('\n');
    if (key === this.#factsKey) return;
    this.#factsKey = key;
    this.#facts.replaceChildren(...facts.map(factElement));
  }

  #showChips(row: TraceRow, { isMarked, chipRoom }: ItemPlace): void {
    const chips = fittingChips(isMarked ? [TO_COMPARE] : [], chipsOf(row), chipRoom);
    const key = chips.map(({ text, title }) => `${text} ${title}`).join('\n');
    if (key === this.#chipsKey) return;
    this.#chipsKey = key;
    this.#chips.replaceChildren(...chips.map(chipElement));
  }
}

function factElement([text, className = '', title = '']: Fact): HTMLElement {
  const fact = element('span', className, text);
  if (title !== '') fact.title = title;
  return fact;
}

function chipElement({ text, tone, title, spoken }: Chip): HTMLElement {
  const chip = element('span', 'chip', text);
  if (spoken !== undefined) chip.append(element('span', 'sr', spoken));
  chip.dataset['tone'] = tone;
  if (title !== '') chip.title = title;
  return chip;
}
