import { enclosingWork } from '../../context/enclosing-work.js';
import type { Task } from './task.js';
import { TaskList } from './task-list.js';

/** Already resolved: awaiting it takes one microtask. */
const TICK = Promise.resolve();

/** Starts a task and returns the promise of its result. */
type StartTask = (task: Task) => Promise<unknown> | undefined;

/**
 * Knows who runs and who waits. Tasks start in the order of their arrival, never more than `concurrency` of
 * them, with one exception: if every running task awaits another task of this group, nothing would
 * ever move again, so the next one starts in their place.
 */
export class Slots {
  readonly isLimited: boolean;
  readonly #concurrency: number;
  readonly #group: object;
  readonly #start: StartTask;
  readonly #running = new TaskList();
  readonly #queue = new TaskList();
  #blocked = 0;
  #starting = false;
  #threshold = 0;
  #wake: (() => void) | undefined;

  /** @param group the identity by which the group's tasks know where they run */
  constructor(concurrency: number, group: object, start: StartTask) {
    this.isLimited = concurrency !== Infinity;
    this.#concurrency = concurrency;
    this.#group = group;
    this.#start = start;
  }

  /** The names of the tasks that run. */
  get running(): string[] {
    return Array.from(this.#running, ({ name }) => name);
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  get isFull(): boolean {
    return this.#running.size >= this.#concurrency;
  }

  /** Starts a task now, or when its turn comes: then it has no promise yet. */
  add(task: Task): Promise<unknown> | undefined {
    if (this.#queue.size === 0 && this.#mayStart()) return this.#launch(task);
    task.queuedAt = performance.now();
    this.#queue.push(task);
    return undefined;
  }

  /** Takes a task out that has settled, and starts the next. */
  release(task: Task): void {
    task.state = 'settled';
    this.#running.remove(task);
    if (this.isLimited) this.#unblock(task);
    this.#fill();
    if (this.#running.size <= this.#threshold) this.#wakeUp();
  }

  /** Empties the queue. */
  *dropQueue(): Generator<Task> {
    for (let task = this.#queue.shift(); task; task = this.#queue.shift()) yield task;
    this.#wakeUp();
  }

  /** Resolves when a slot is free, or the queue is emptied. */
  async free(): Promise<void> {
    if (this.isFull) await this.#until(this.#concurrency - 1);
  }

  /** Resolves when the queue is emptied. */
  dropped(): Promise<void> {
    return this.#until(-1);
  }

  /**
   * Resolves when nothing runs or waits any more, not even what the last result made somebody spawn:
   * those who await a handle get a few microtasks for it.
   */
  async drained(): Promise<void> {
    while (this.#running.size > 0) {
      await this.#until(0);
      for (let tick = 0; tick < 3; tick += 1) await TICK;
    }
  }

  /** Somebody awaits a task: if it is another task of this group, its slot does nothing meanwhile. */
  awaited(task: Task): void {
    const waiting = this.#currentTask();
    if (waiting?.state !== 'running') return;
    (task.awaitedBy ??= []).push(waiting);
    waiting.awaits += 1;
    if (waiting.awaits === 1) this.#blocked += 1;
    this.#fill();
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #until(threshold: number): Promise<void> {
    this.#threshold = threshold;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #mayStart(): boolean {
    const { size } = this.#running;
    return size < this.#concurrency || size === this.#blocked;
  }

  /** Tasks may settle at once and come back here, so it does not nest. */
  #fill(): void {
    if (this.#starting) return;
    this.#starting = true;
    while (this.#queue.size > 0 && this.#mayStart()) void this.#launch(this.#queue.shift() as Task);
    this.#starting = false;
  }

  #launch(task: Task): Promise<unknown> | undefined {
    task.state = 'running';
    this.#running.push(task);
    return this.#start(task);
  }

  #unblock(task: Task): void {
    if (task.awaits > 0) this.#blocked -= 1;
    for (const waiting of task.awaitedBy ?? []) {
      waiting.awaits -= 1;
      if (waiting.awaits === 0 && waiting.state === 'running') this.#blocked -= 1;
    }
    task.awaitedBy = undefined;
  }

  #currentTask(): Task | undefined {
    let work = enclosingWork();
    while (work !== undefined && work.source !== this.#group) work = work.outer;
    return work?.task as Task | undefined;
  }
}
