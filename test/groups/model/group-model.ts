/** How a child or a body ends by itself. */
export type Ending = { readonly value: unknown } | { readonly error: unknown };

export interface ModelOptions {
  readonly concurrency?: number;
  readonly onError?: 'cancel' | 'continue';
}

/** What the semantics say of one child. */
export class ChildModel {
  state: 'queued' | 'running' | 'ok' | 'error' | 'cancelled' | 'not_started' = 'queued';
  inner: GroupModel | undefined;

  /**
   * @param obeys whether it stops with an AbortError when it is cancelled
   * @param nests the group that it opens when it starts, and whose result is its own
   */
  constructor(
    readonly name: string,
    readonly obeys: boolean,
    readonly nests?: { readonly group: GroupModel; readonly catches: boolean },
  ) {}
}

/**
 * The semantics of a group in the plainest form: no promises, every consequence of an event is drawn
 * at once. What it says is what the real group has to show after the same events.
 */
export class GroupModel {
  readonly failures: unknown[] = [];
  readonly children: ChildModel[] = [];
  cancelled: { readonly by: 'failure' | 'cancel' | 'signal'; readonly reason: unknown } | undefined;
  result: Ending | undefined;
  outcome: 'ok' | 'error' | 'cancelled' | undefined;
  #body: Ending | 'stopped' | undefined;

  constructor(
    readonly name: string,
    readonly options: ModelOptions,
    readonly bodyObeys: boolean,
    readonly onClosed: (result: Ending) => void = () => undefined,
  ) {}

  get bodyRuns(): boolean {
    return this.#body === undefined;
  }

  get running(): ChildModel[] {
    return this.children.filter(({ state }) => state === 'running');
  }

  count(state: ChildModel['state']): number {
    return this.children.filter((child) => child.state === state).length;
  }

  /** False if the group has ended: then nothing is spawned. */
  spawn(child: ChildModel): boolean {
    if (this.result !== undefined) return false;
    this.children.push(child);
    if (this.cancelled !== undefined) child.state = 'not_started';
    this.#startNext();
    return true;
  }

  endChild(child: ChildModel, ending: Ending): void {
    child.state = this.#judge(ending);
    if (child.state === 'error' && 'error' in ending) this.#childFailed(ending.error);
    this.#startNext();
    this.#closeIfDone();
  }

  endBody(ending: Ending): void {
    if (!('error' in ending)) this.#body = ending;
    else {
      this.#body = 'stopped';
      if (!this.#isEcho(ending.error) && !this.failures.includes(ending.error)) {
        this.fail(ending.error);
      }
    }
    this.#closeIfDone();
  }

  /** A failure of the group itself. */
  fail(error: unknown): void {
    if (this.result !== undefined) return;
    this.failures.push(error);
    this.cancel('failure', error);
  }

  /** The deadline has no effect on a group that is cancelled. */
  expire(error: unknown): void {
    if (this.cancelled === undefined) this.fail(error);
  }

  cancel(by: 'failure' | 'cancel' | 'signal', reason: unknown): void {
    if (this.result !== undefined || this.cancelled !== undefined) return;
    this.cancelled = { by, reason };
    for (const child of this.children) if (child.state === 'queued') child.state = 'not_started';
    const aborted = { error: Object.assign(new Error('aborted'), { name: 'AbortError' }) };
    if (this.bodyRuns && this.bodyObeys) this.endBody(aborted);
    for (const child of this.running) {
      if (child.nests !== undefined) child.nests.group.cancel('signal', reason);
      else if (child.obeys) this.endChild(child, aborted);
    }
  }

  #judge(ending: Ending): 'ok' | 'error' | 'cancelled' {
    if (!('error' in ending)) return 'ok';
    return this.#isEcho(ending.error) ? 'cancelled' : 'error';
  }

  #isEcho(error: unknown): boolean {
    if (this.cancelled === undefined) return false;
    return error === this.cancelled.reason || (error as Error | null)?.name === 'AbortError';
  }

  #childFailed(error: unknown): void {
    if (!this.failures.includes(error)) this.failures.push(error);
    if (this.options.onError !== 'continue') this.cancel('failure', error);
  }

  #startNext(): void {
    const { concurrency = Infinity } = this.options;
    for (const child of this.children) {
      if (this.running.length >= concurrency) return;
      if (child.state === 'queued') child.state = 'running';
    }
  }

  #closeIfDone(): void {
    if (this.result !== undefined || this.bodyRuns) return;
    if (this.children.some(({ state }) => state === 'running' || state === 'queued')) return;
    this.result = this.#conclude();
    this.onClosed(this.result);
  }

  #conclude(): Ending {
    this.outcome = 'error';
    if (this.failures.length > 0) return { error: this.failures[0] };
    this.outcome = 'cancelled';
    const { cancelled } = this;
    if (cancelled?.by === 'signal' || this.#body === 'stopped') return { error: cancelled?.reason };
    this.outcome = 'ok';
    return this.#body as Ending;
  }
}
