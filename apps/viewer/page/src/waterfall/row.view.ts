import { element, setText } from '../app/dom.js';
import { chipWidth } from '../format/chip-width.js';
import type { RowText } from '../trace/row-text.js';

/** What a row is beside its text. */
export interface RowPlace {
  /** Row of the whole list, from 0. */
  readonly row: number;
  readonly position: number;
  readonly depth: number;
  /** Undefined where nothing can be opened. */
  readonly isOpen: boolean | undefined;
  readonly isSelected: boolean;
  readonly isMatch: boolean;
  readonly colour: string;
  /** Pixels from the left of the bars, and whether the label stands left of that. */
  readonly labelAt: number;
  readonly isLabelLeft?: boolean;
  /** There is no room beside the bar: the label has a ground of its own. */
  readonly isLabelOnBar?: boolean;
}

/** Signs of a name that are shown, whatever stands beside it. */
const LEAST_NAME = 8;
/** Chips of fewer signs are shown whole: the name gives way. */
const SHORT_CHIP = 16;
/** Pixels that a longer one has at least. */
const LEAST_CHIP = 84;
/** What lies deeper is told by a number: a chain of 10,000 has to fit as well. */
const DEEPEST_INDENT = 18;

/** One row of text that is used again for whatever is scrolled into it. */
export class RowView {
  readonly element: HTMLElement;
  /** Position in the tree of what it shows, -1 for nothing. */
  position = -1;
  readonly #cell = element('span', 'wf-name');
  readonly #twisty = element('span', 'wf-twisty');
  readonly #dot = element('i', 'wf-dot');
  readonly #deep = document.createTextNode('');
  readonly #text = document.createTextNode('');
  readonly #name: HTMLElement;
  readonly #chips = element('span', 'wf-chips');
  readonly #label = document.createTextNode('');
  readonly #labelCell = element('span', 'wf-label', this.#label);
  #chipKey = '';

  constructor(id: string) {
    this.#name = element('span', 'wf-text', this.#text);
    const deep = element('span', 'wf-deep', this.#deep);
    this.#cell.append(this.#twisty, this.#dot, deep, this.#name, this.#chips);
    this.#cell.setAttribute('role', 'gridcell');
    const bars = element('span', 'wf-bar', this.#labelCell);
    bars.setAttribute('role', 'gridcell');
    this.element = element('div', 'wf-row', this.#cell, bars);
    this.element.id = id;
    this.element.setAttribute('role', 'row');
  }

  /** Shows a row at a height. */
  show(text: RowText, place: RowPlace, top: number): void {
    this.position = place.position;
    const { style, classList } = this.element;
    style.display = '';
    style.transform = `translateY(${top}px)`;
    classList.toggle('is-selected', place.isSelected);
    classList.toggle('is-match', place.isMatch);
    this.element.dataset['tone'] = text.tone;
    this.#cell.style.setProperty('--depth', String(Math.min(place.depth, DEEPEST_INDENT)));
    setText(this.#deep, place.depth > DEEPEST_INDENT ? `${place.depth} ` : '');
    setText(this.#text, text.text);
    this.#name.style.minWidth = `${Math.min(LEAST_NAME, text.text.length)}ch`;
    this.#twisty.dataset['open'] = place.isOpen === undefined ? '' : String(place.isOpen);
    this.#dot.style.background = place.colour;
    this.#showChips(text.chips);
    this.#showLabel(text.label, place);
    this.#tell(place);
  }

  hide(): void {
    this.position = -1;
    this.element.style.display = 'none';
  }

  #showLabel(label: string, { labelAt, isLabelLeft, isLabelOnBar = false }: RowPlace): void {
    setText(this.#label, label);
    this.#labelCell.classList.toggle('is-on-bar', isLabelOnBar && label !== '');
    const shift = isLabelLeft ? ' translateX(-100%)' : '';
    this.#labelCell.style.transform = `translateX(${Math.round(labelAt)}px)${shift}`;
  }

  #showChips(chips: RowText['chips']): void {
    const key = chips.map(({ text, tone }) => `${tone}:${text}`).join('\n');
    if (key === this.#chipKey) return;
    this.#chipKey = key;
    const made = chips.map(({ text, tone }) => {
      const chip = element('span', 'chip', text);
      chip.dataset['tone'] = tone;
      chip.title = text;
      chip.dataset['short'] = String(text.length < SHORT_CHIP);
      return chip;
    });
    this.#chips.replaceChildren(...made);
    const first = chips[0]?.text ?? '';
    const least = first.length < SHORT_CHIP ? chipWidth(first) : LEAST_CHIP;
    this.#chips.style.minWidth = `${Math.ceil(least)}px`;
  }

  /** What a screen reader says of a row in a tree. */
  #tell({ row, depth, isOpen, isSelected }: RowPlace): void {
    this.element.setAttribute('aria-rowindex', String(row + 1));
    this.element.setAttribute('aria-level', String(depth + 1));
    this.element.setAttribute('aria-selected', String(isSelected));
    if (isOpen === undefined) this.element.removeAttribute('aria-expanded');
    else this.element.setAttribute('aria-expanded', String(isOpen));
  }
}
