import type { TaskGroup } from 'nestjs-tracing';
import { GroupClosedError } from 'nestjs-tracing';
import { vi } from 'vitest';
import { runGroup } from '../../../libs/tracing/src/group/run-group.js';
import type { Gate } from '../tasks.js';
import { gate, turn } from '../tasks.js';
import type { Ending, ModelOptions } from './group-model.js';
import { ChildModel, GroupModel } from './group-model.js';

/** One event: what happens, to whom, and how. */
export interface Step {
  readonly kind: 'spawn' | 'end child' | 'end body' | 'cancel' | 'expire' | 'abort';
  readonly pick: number;
  readonly flavour: number;
}

interface RealGroup {
  readonly model: GroupModel;
  readonly body: Gate<unknown>;
  readonly group: TaskGroup;
  readonly deadline: number | undefined;
}

interface RealChild {
  readonly model: ChildModel;
  readonly owner: GroupModel;
  readonly gate: Gate<unknown>;
  handle: Promise<unknown>;
}

/** Lets the same events happen to a tree of real groups and to its model. */
export class GroupDriver {
  readonly groups: RealGroup[] = [];
  readonly children: RealChild[] = [];
  readonly #outer = new AbortController();
  readonly root: GroupModel;
  readonly result: Promise<Ending>;
  failed = 0;
  tooMany = 0;
  #serial = 0;

  constructor(options: ModelOptions, bodyObeys: boolean) {
    this.root = new GroupModel('g0', options, bodyObeys);
    this.result = settle(this.#open(this.root, undefined, this.#outer.signal));
  }

  async step(step: Step): Promise<void> {
    this.#apply(step);
    await turn();
    for (const { model } of this.groups) {
      if (model.running.length > (model.options.concurrency ?? Infinity)) this.tooMany += 1;
    }
  }

  /** Ends what still runs, so that the root ends. */
  async finish(): Promise<void> {
    while (this.root.result === undefined) {
      const leaf = this.#leaves()[0];
      const open = this.groups.find(({ model }) => model.bodyRuns);
      if (open !== undefined) this.#endBody(open, { value: 'late' });
      else if (leaf !== undefined) this.#endChild(leaf, { value: 'late' });
      else throw new Error('The model is stuck.');
      await turn();
    }
  }

  #apply({ kind, pick, flavour }: Step): void {
    const target = at(this.groups, pick);
    if (kind === 'abort') return this.#abort(flavour);
    if (target === undefined) return;
    if (kind === 'spawn') return this.#spawn(target, flavour);
    if (kind === 'cancel') return this.#cancel(target, `cancelled ${++this.#serial}`);
    if (kind === 'expire') return this.#expire();
    const ending = this.#ending(flavour);
    if (kind === 'end body') {
      const open = at(
        this.groups.filter(({ model }) => model.bodyRuns),
        pick,
      );
      if (open !== undefined) this.#endBody(open, ending);
      return;
    }
    const leaf = at(this.#leaves(), pick);
    if (leaf !== undefined) this.#endChild(leaf, ending);
  }

  #leaves(): RealChild[] {
    return this.children.filter(({ model }) => model.state === 'running' && !model.nests);
  }

  #ending(flavour: number): Ending {
    const serial = ++this.#serial;
    if (flavour % 3 === 0) return { value: serial };
    if (flavour % 11 === 1) return { error: `text ${serial}` };
    const error = new Error(`failure ${serial}`);
    if (flavour % 7 === 1) error.name = 'AbortError';
    return { error };
  }

  #spawn(target: RealGroup, flavour: number): void {
    const name = `c${++this.#serial}`;
    const child: RealChild = {
      model: this.#modelOf(name, flavour, target.model),
      owner: target.model,
      gate: gate(),
      handle: Promise.resolve(),
    };
    const spawned = target.model.spawn(child.model);
    try {
      child.handle = target.group.spawn(name, (task) => this.#work(child, task.signal, flavour));
      if (!spawned) throw new Error(`${target.model.name} has ended and spawned ${name}`);
      this.children.push(child);
    } catch (error) {
      if (spawned || !(error instanceof GroupClosedError)) throw error;
    }
  }

  #modelOf(name: string, flavour: number, owner: GroupModel): ChildModel {
    if (flavour % 5 !== 0) return new ChildModel(name, flavour % 2 === 0);
    const concurrency = flavour % 4 === 0 ? {} : { concurrency: 1 + (flavour % 3) };
    const catches = flavour % 3 === 0;
    const inner = new GroupModel(`${name}g`, concurrency, flavour % 2 === 0, (result) => {
      owner.endChild(child, catches && 'error' in result ? { value: 'caught' } : result);
    });
    const child = new ChildModel(name, false, { group: inner, catches });
    return child;
  }

  #work({ model, gate: ends }: RealChild, signal: AbortSignal, flavour: number): Promise<unknown> {
    if (model.nests === undefined) return model.obeys ? obeying(signal, ends) : ends.promise;
    const { group, catches } = model.nests;
    const inner = this.#open(group, flavour % 4 === 1 ? 1000 + this.#serial * 7 : undefined);
    return catches ? inner.catch(() => 'caught') : inner;
  }

  #open(model: GroupModel, timeoutMillis?: number, signal?: AbortSignal): Promise<unknown> {
    const options = {
      ...model.options,
      graceMillis: 2 ** 31 - 1,
      ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
      ...(signal === undefined ? {} : { signal }),
    };
    return runGroup(model.name, options, (group) => {
      const deadline = timeoutMillis === undefined ? undefined : Date.now() + timeoutMillis;
      const body = gate<unknown>();
      this.groups.push({ model, body, group, deadline });
      return model.bodyObeys ? obeying(group.signal, body) : body.promise;
    });
  }

  #endBody({ model, body }: RealGroup, ending: Ending): void {
    model.endBody(ending);
    this.#settle(body, ending);
  }

  #endChild(child: RealChild, ending: Ending): void {
    child.owner.endChild(child.model, ending);
    this.#settle(child.gate, ending);
  }

  #settle(target: Gate<unknown>, ending: Ending): void {
    if (!('error' in ending)) return target.open(ending.value);
    this.failed += 1;
    target.fail(ending.error);
  }

  #cancel({ model, group }: RealGroup, reason: unknown): void {
    model.cancel('cancel', reason);
    group.cancel(reason);
  }

  #abort(flavour: number): void {
    if (flavour % 10 !== 0 || this.#outer.signal.aborted) return;
    const reason = new Error('client gone');
    this.root.cancel('signal', reason);
    this.#outer.abort(reason);
  }

  /** Time goes on to the next deadline. */
  #expire(): void {
    const pending = this.groups
      .filter(({ deadline, model }) => deadline !== undefined && !model.cancelled && !model.result)
      .sort((a, b) => (a.deadline as number) - (b.deadline as number));
    const [next] = pending;
    if (next?.deadline === undefined || next.deadline === pending[1]?.deadline) return;
    vi.advanceTimersByTime(next.deadline - Date.now());
    this.failed += 1;
    next.model.expire(next.group.errors.at(-1));
  }
}

/** Work that ends when the test says so, or when it is told to stop, as different APIs do that. */
function obeying(signal: AbortSignal, ends: Gate<unknown>): Promise<unknown> {
  const stopped = gate<never>();
  signal.addEventListener('abort', () => stopped.fail(abortErrorOf(signal)));
  return Promise.race([ends.promise, stopped.promise]);
}

/** `fetch` rejects with the reason, Node's own APIs with an AbortError around it. */
function abortErrorOf(signal: AbortSignal): unknown {
  const abort = new Error('aborted', { cause: signal.reason });
  return signal.reason instanceof Error
    ? signal.reason
    : Object.assign(abort, { name: 'AbortError' });
}

function at<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % list.length];
}

/** What a promise comes to. */
export async function settle(promise: Promise<unknown>): Promise<Ending> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}
