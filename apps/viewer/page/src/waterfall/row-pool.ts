import { RowView } from './row.view.js';

/** The elements that rows are made of, in the order in which they stand: as screen readers read them. */
export class RowPool {
  readonly #content: HTMLElement;
  #views: RowView[] = [];
  #first = 0;

  /** Begins with one row, which tells how wide names are. */
  constructor(content: HTMLElement) {
    this.#content = content;
    this.#grow(1);
  }

  /** Pixels that the names take. */
  get namesWidth(): number {
    return this.#views[0]!.element.firstElementChild!.clientWidth;
  }

  /**
   * The elements for so many rows from one on; others are hidden. Those of rows that were there before
   * stay with them, so that a step of the wheel changes the few that come in.
   */
  *take(first: number, count: number): Iterable<readonly [row: number, view: RowView]> {
    this.#grow(count);
    this.#turn(first - this.#first);
    this.#first = first;
    for (const [index, view] of this.#views.entries()) {
      if (index < count) yield [first + index, view];
      else view.hide();
    }
  }

  /** Position of what an element shows, -1 if it belongs to no row. */
  positionAt(target: EventTarget | null): number {
    const row = target instanceof Element ? target.closest('.wf-row') : null;
    return this.#views.find(({ element }) => element === row)?.position ?? -1;
  }

  #grow(count: number): void {
    while (this.#views.length < count) {
      const view = new RowView(`wf-row-${this.#views.length}`);
      this.#views.push(view);
      this.#content.append(view.element);
    }
  }

  #turn(by: number): void {
    if (by === 0 || Math.abs(by) >= this.#views.length) return;
    const turned = [...this.#views.slice(by), ...this.#views.slice(0, by)];
    const moved = by > 0 ? turned.slice(-by) : turned.slice(0, -by);
    const elements = moved.map(({ element }) => element);
    if (by > 0) this.#content.append(...elements);
    else this.#views[0]!.element.before(...elements);
    this.#views = turned;
  }
}
