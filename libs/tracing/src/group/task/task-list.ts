import type { Task } from './task.js';

/** Tasks in the order of their arrival. A task is in one list at a time and holds its neighbours. */
export class TaskList {
  #first: Task | undefined;
  #last: Task | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(task: Task): void {
    const last = this.#last;
    task.previous = last;
    if (last === undefined) this.#first = task;
    else last.next = task;
    this.#last = task;
    this.#size += 1;
  }

  shift(): Task | undefined {
    const task = this.#first;
    if (task !== undefined) this.remove(task);
    return task;
  }

  /** @param task one that is in this list */
  remove(task: Task): void {
    const { previous, next } = task;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    task.previous = undefined;
    task.next = undefined;
    this.#size -= 1;
  }

  *[Symbol.iterator](): Generator<Task> {
    for (let task = this.#first; task !== undefined; task = task.next) yield task;
  }
}
