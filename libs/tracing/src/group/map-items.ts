import type { GroupOptions, TaskContext } from './group.interface.js';
import { GroupRun } from './group-run.js';
import type { GroupSettings } from './group-settings.js';
import { groupSettings } from './group-settings.js';
import { isIterable, Source } from './source.js';
import type { TaskSink } from './task/task.js';
import { Task, taskName } from './task/task.js';

/**
 * The work on one item.
 *
 * @example
 * ```ts
 * const thumbnail: ItemFunction<File, Image> = (file, { signal }) => resize(file, signal);
 * const images = await tracing.map('thumbnails', files, thumbnail);
 * ```
 */
export type ItemFunction<I, O> = (item: I, task: TaskContext) => O | PromiseLike<O>;

/**
 * Items that come at once or over time.
 *
 * @example
 * ```ts
 * const rows: Items<Row> = await dataSource.query('SELECT …'); // or a stream of rows
 * await tracing.map('import', rows, { concurrency: 8 }, importRow);
 * ```
 */
export type Items<I> = Iterable<I> | AsyncIterable<I>;

/** Maps items in a group, see `TracingService.map`. */
export async function mapItems<I, O>(
  name: string,
  items: Items<I>,
  options: GroupOptions,
  fn: ItemFunction<I, O> | undefined,
): Promise<O[]> {
  const settings = itemSettings('map', name, items, options, fn);
  const results: O[] = [];
  await runItems(settings, items, fn as ItemFunction<I, O>, {
    resolve: (value, { index }) => {
      results[index as number] = value as O;
    },
    reject: () => undefined,
  });
  return results;
}

/** Maps items in a group that nothing cancels, see `TracingService.settled`. */
export async function settleItems<I, O>(
  name: string,
  items: Items<I>,
  options: GroupOptions,
  fn: ItemFunction<I, O> | undefined,
): Promise<PromiseSettledResult<O>[]> {
  const settings = itemSettings('settled', name, items, options, fn);
  const results: PromiseSettledResult<O>[] = [];
  await runItems({ ...settings, onError: 'collect' }, items, fn as ItemFunction<I, O>, {
    resolve: (value, { index }) => {
      results[index as number] = { status: 'fulfilled', value: value as O };
    },
    reject: (reason: unknown, { index }) => {
      results[index as number] = { status: 'rejected', reason };
    },
  });
  return results;
}

function itemSettings(
  caller: string,
  name: string,
  items: unknown,
  options: GroupOptions,
  fn: unknown,
): GroupSettings {
  const settings = groupSettings(caller, name, options, fn);
  if (isIterable(items)) return settings;
  throw new TypeError(`${caller}("${name}") needs items that can be iterated, such as an array.`);
}

async function runItems<I>(
  settings: GroupSettings,
  items: Items<I>,
  fn: ItemFunction<I, unknown>,
  sink: TaskSink,
): Promise<void> {
  const run = new GroupRun(settings);
  const name = taskName(fn, settings.name);
  const start = (item: I, index: number): void => {
    void run.add(new Task(name, (task) => fn(item, task), sink, index));
  };
  await run.run(() => pullAll(run, items, start));
}

/** Pulls an item whenever there is room for one, until there are no more or the group is cancelled. */
async function pullAll<I>(
  run: GroupRun,
  items: Items<I>,
  start: (item: I, index: number) => void,
): Promise<void> {
  const source = new Source(items);
  try {
    for (let index = 0; ; index += 1) {
      if (run.slots.isFull) await run.slots.free();
      if (run.isCancelled) return;
      const next = source.next();
      const step = next instanceof Promise ? await beforeCancel(next, run) : next;
      if (step === undefined || step.done === true || run.isCancelled) return;
      start(step.value, index);
    }
  } finally {
    await source.close();
  }
}

/** Resolves with a promise's value, or with undefined if the group is cancelled before. */
function beforeCancel<T>(promise: Promise<T>, run: GroupRun): Promise<T | undefined> {
  return Promise.race([promise, run.slots.dropped() as Promise<undefined>]);
}
